/**
 * From weights to a prediction: the one piece of code that the trainer and serving both run, so that the same weights give
 * the same bits on both sides. Everything here is stateless or immutable, safe for use by several threads.
 */
@NullMarked
package io.millrace.trainer.score;

import org.jspecify.annotations.NullMarked;
