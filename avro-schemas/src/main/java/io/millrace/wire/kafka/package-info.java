/** Thin shells around {@code kafka-clients} that every process shares: settings, topics, schemas, dead letters. */
@NullMarked
package io.millrace.wire.kafka;

import org.jspecify.annotations.NullMarked;
