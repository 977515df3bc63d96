/**
 * Learning from a file as the pipeline learns from its log: rows become feature vectors of a pipeline's spec and go through
 * the learner that the Flink job runs. {@link io.millrace.local.learn.LearnRun} is the whole of it; the rest is pure, but for
 * {@link io.millrace.local.learn.ReadAhead}, which reads on a thread of its own.
 */
@NullMarked
package io.millrace.local.learn;

import org.jspecify.annotations.NullMarked;
