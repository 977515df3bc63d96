/**
 * Faults, on purpose: a cluster under load whose parts are killed, paused and cut off at moments that a seed fixes, and
 * then the proof that nothing was lost, written twice or learned twice.
 */
@NullMarked
package io.millrace.local.chaos;

import org.jspecify.annotations.NullMarked;
