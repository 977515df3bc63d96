package io.millrace.trainer.job;

import java.util.Arrays;

/**
 * A record of {@code examples} as it lies in the log. Its value is {@code length} of the bytes, from {@code from} on; the
 * others are of other records, and nobody changes any.
 */
record LogRecord(int partition, long offset, byte[] bytes, int from, int length) {
    /** A copy of the value alone. */
    byte[] value() {
        return Arrays.copyOfRange(bytes, from, from + length);
    }
}
