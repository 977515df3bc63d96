/**
 * Features that are computed from the stream, without Flink or Kafka: what happened becomes observations of entities, these
 * become mergeable partial states, and these become values. Classes are not thread-safe unless they say so.
 */
@NullMarked
package io.millrace.features.aggregate;

import org.jspecify.annotations.NullMarked;
