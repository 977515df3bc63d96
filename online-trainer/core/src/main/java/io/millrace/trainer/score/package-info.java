/**
 * From weights to a prediction: the one piece of code that the trainer and serving both run, so that the same weights give
 * the same bits on both sides. Scorers, and what they are made of, belong to one thread each; everything else is immutable.
 */
@NullMarked
package io.millrace.trainer.score;

import org.jspecify.annotations.NullMarked;
