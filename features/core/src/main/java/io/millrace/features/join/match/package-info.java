/**
 * Which decision feedback is about that names only a subject and an item, without a framework: a state machine for each pair of
 * these, in front of the join.
 *
 * <p>{@link io.millrace.features.join.match.SubjectMatch} is for one thread.
 */
@NullMarked
package io.millrace.features.join.match;

import org.jspecify.annotations.NullMarked;
