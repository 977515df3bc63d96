/**
 * Learning, one example at a time: learners, and the pure core of the learning job, which owns everything that one shard
 * knows. Nothing here reads a clock or draws a random number: the same examples give the same bits. Not thread-safe: a shard
 * belongs to one thread.
 */
@NullMarked
package io.millrace.trainer.learn;

import org.jspecify.annotations.NullMarked;
