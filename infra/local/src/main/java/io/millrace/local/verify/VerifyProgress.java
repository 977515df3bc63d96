package io.millrace.local.verify;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A line every two seconds while a log is read. Not thread-safe. */
final class VerifyProgress {
    private static final long EVERY_NANOS = 2_000_000_000L;
    private static final int LOOK_EVERY = 1024;

    private final Consumer<String> tell;
    private final LongSupplier nanos;
    private final String what;
    private final long total;
    private final long beganNanos;
    private long toldNanos;
    private long toldRecords;
    private long records;

    VerifyProgress(String what, long total, LongSupplier nanos, Consumer<String> tell) {
        this.what = what;
        this.total = total;
        this.nanos = nanos;
        this.tell = tell;
        this.beganNanos = nanos.getAsLong();
        this.toldNanos = beganNanos;
    }

    void next() {
        if (++records % LOOK_EVERY != 0) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - toldNanos >= EVERY_NANOS) {
            tell.accept(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d records, %,.0f a second",
                    what,
                    records,
                    total,
                    (records - toldRecords) * 1e9 / (now - toldNanos)));
            toldNanos = now;
            toldRecords = records;
        }
    }

    double seconds() {
        return (nanos.getAsLong() - beganNanos) / 1e9;
    }
}
