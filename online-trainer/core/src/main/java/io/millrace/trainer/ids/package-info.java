/**
 * Rows of their own for ids, in a table that grows to a bound: who gets one, and who loses it again. All of it is a function of
 * the log: of event times and of the order of examples. Not thread-safe: a shard belongs to one thread.
 */
@NullMarked
package io.millrace.trainer.ids;

import org.jspecify.annotations.NullMarked;
