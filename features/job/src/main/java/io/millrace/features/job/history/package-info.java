/**
 * The history as a Flink job: records of topics become rows of Parquet files, thin operators around
 * {@link io.millrace.features.history.HistoryTable}.
 *
 * <p>Parquet's own writer is used without Hadoop: its classes are there when this is compiled, and not when it runs.
 */
@NullMarked
package io.millrace.features.job.history;

import org.jspecify.annotations.NullMarked;
