/**
 * What leaves the trainer, and how it comes back: lineages, deltas, base snapshots and their store, and the immutable
 * weights that serving scores with.
 *
 * <p>Values are immutable and safe for use by several threads; stores say so themselves.
 */
@NullMarked
package io.millrace.trainer.snapshot;

import org.jspecify.annotations.NullMarked;
