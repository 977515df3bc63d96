/**
 * What happened before a job began, from files: {@link io.millrace.features.job.backfill.HistorySource} gives it in the order of
 * time.
 *
 * <p>Whatever reads or writes files belongs to one thread.
 */
@NullMarked
package io.millrace.features.job.backfill;

import org.jspecify.annotations.NullMarked;
