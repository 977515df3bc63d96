/**
 * The decision-feedback join as a Flink job: thin operators around {@link io.millrace.features.join.DecisionJoin}.
 *
 * <p>Between operators travel byte arrays of our own layout, and state is Avro: nothing depends on Java serialisation or
 * Kryo. Operators run on one task thread each.
 */
@NullMarked
package io.millrace.features.job;

import org.jspecify.annotations.NullMarked;
