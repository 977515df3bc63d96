package io.millrace.trainer.job;

/** A record of {@code examples} as it lies in the log. */
record LogRecord(int partition, long offset, byte[] value) {}
