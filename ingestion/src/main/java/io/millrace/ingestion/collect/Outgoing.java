package io.millrace.ingestion.collect;

import org.apache.kafka.clients.producer.ProducerRecord;

/** One record that passed all checks: its id, which the caller is told, and what is sent. */
record Outgoing(String id, ProducerRecord<byte[], byte[]> message) {}
