package io.millrace.ingestion.reader;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingestion.source.Mapped;
import java.util.concurrent.atomic.AtomicLong;

/** What has become of a source's records. Safe for use by several threads. */
final class SourceMetrics {
    private final Counter taken;
    private final Counter passedOver;
    private final Counter rejected;
    private final Counter lost;
    private final AtomicLong unread = new AtomicLong();

    SourceMetrics(MeterRegistry registry, String source) {
        this.taken = records(registry, source, "taken");
        this.passedOver = records(registry, source, "passed_over");
        this.rejected = records(registry, source, "rejected");
        this.lost = Counter.builder("millrace.source.lost")
                .description("Records that were gone from the topic before they were read")
                .tag("source", source)
                .register(registry);
        Gauge.builder("millrace.source.unread", unread, AtomicLong::get)
                .description("Records of the topic that are not read yet")
                .tag("source", source)
                .register(registry);
    }

    private static Counter records(MeterRegistry registry, String source, String result) {
        return Counter.builder("millrace.source.records")
                .description("Records read, by what became of them")
                .tag("source", source)
                .tag("result", result)
                .register(registry);
    }

    void count(Mapped mapped) {
        if (mapped instanceof Mapped.Taken) {
            taken.increment();
        } else if (mapped instanceof Mapped.PassedOver) {
            passedOver.increment();
        } else {
            rejected.increment();
        }
    }

    void lost(long records) {
        lost.increment(records);
    }

    void unread(long records) {
        unread.set(records);
    }
}
