/**
 * Thin shells around {@code kafka-clients} that every process shares: settings, topics, schemas, dead letters, and threads
 * that follow topics for ever, riding out whatever happens to the broker.
 */
@NullMarked
package io.millrace.wire.kafka;

import org.jspecify.annotations.NullMarked;
