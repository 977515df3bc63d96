/**
 * Who is shown what, and with which probability: arms, exploration, ties, propensities. Pure: no clock, no source of
 * randomness but {@link io.millrace.serving.policy.Draws}, no input or output.
 */
@NullMarked
package io.millrace.serving.policy;

import org.jspecify.annotations.NullMarked;
