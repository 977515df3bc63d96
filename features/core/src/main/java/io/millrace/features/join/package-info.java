/**
 * The decision-feedback join, without a framework: a state machine for each join key that turns decisions and feedback into
 * labelled examples.
 *
 * <p>{@link io.millrace.features.join.DecisionJoin} is for one thread; the values are immutable.
 */
@NullMarked
package io.millrace.features.join;

import org.jspecify.annotations.NullMarked;
