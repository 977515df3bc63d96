package io.millrace.broker;

import org.apache.kafka.common.Uuid;

/** A partition of one topic, which another of the same name is not. */
record PartitionId(Uuid topic, int partition) {}
