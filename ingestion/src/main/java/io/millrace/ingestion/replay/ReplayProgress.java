package io.millrace.ingestion.replay;

/**
 * How far a replay has come.
 *
 * @param line the last row that was read starts here; 0 before the first
 * @param sent events handed to Kafka
 * @param acknowledged of these, those that Kafka has
 * @param skipped bad rows that went to {@code dead-letters}
 * @param resumeLine a later replay from this line misses nothing that is not acknowledged yet
 * @param timeMicros event time of the last event sent, microseconds since 1970; 0 before the first
 */
public record ReplayProgress(long line, long sent, long acknowledged, long skipped, long resumeLine, long timeMicros) {}
