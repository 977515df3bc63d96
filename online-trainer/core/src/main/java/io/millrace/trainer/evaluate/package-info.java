/**
 * Progressive validation: every example is predicted before it is learned, so that all of the log is test data. Not
 * thread-safe.
 */
@NullMarked
package io.millrace.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
