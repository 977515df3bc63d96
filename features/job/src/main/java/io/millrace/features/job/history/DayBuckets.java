package io.millrace.features.job.history;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;

/** Files a record under its topic and its day in UTC: {@code examples/day=2026-05-01}. */
final class DayBuckets implements BucketAssigner<byte[], String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String getBucketId(byte[] packed, Context context) {
        Instant time = Instant.EPOCH.plus(Logged.timeMicros(packed), ChronoUnit.MICROS);
        return Logged.topic(packed).text() + "/day=" + LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
        return SimpleVersionedStringSerializer.INSTANCE;
    }
}
