/**
 * The learning job: {@code examples} in; {@code model-updates}, {@code model-manifests}, {@code metrics} and {@code
 * dead-letters} out. Thin operators around {@link io.millrace.trainer.learn.ShardLearner}; operators belong to the thread of
 * their task.
 *
 * <p>Every shard's learner lives in the memory of the task that hosts it. A checkpoint writes the blocks of parameters that
 * changed since the one before into keyed state, and before its barrier the shard's delta goes out, so that the sink has
 * flushed it when the checkpoint is complete. Hence everything up to a checkpoint's offset is published, deltas after
 * a restart begin there, and a reader that is further already finds that their values at its offset are the ones it has.
 * Published at least once; learned exactly once.
 */
@NullMarked
package io.millrace.trainer.job;

import org.jspecify.annotations.NullMarked;
