/**
 * Streaming features of what happened before: {@link io.millrace.local.backfill.Preparation} makes a history of files,
 * {@link io.millrace.local.backfill.Backfill} has the job begin with it.
 *
 * <p>Everything here belongs to one thread.
 */
@NullMarked
package io.millrace.local.backfill;

import org.jspecify.annotations.NullMarked;
