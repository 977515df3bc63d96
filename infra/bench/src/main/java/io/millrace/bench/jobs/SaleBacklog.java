package io.millrace.bench.jobs;

import io.millrace.bench.jobs.Backlog.Entry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Sales and views, one sale in five, {@value #PER_SECOND} a second of event time, of as many users and items as are asked for.
 * Every user, every item and every pair of user and brand is as likely as another, so that no cache helps. The n-th is always
 * the same.
 */
final class SaleBacklog {
    static final int PER_SECOND = 1_000;

    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final long STEP_MICROS = 1_000_000 / PER_SECOND;
    private static final int SHOPS = 100;
    private static final int BRANDS = 20;
    private static final int SALES = 5;
    private static final String SPEC = "features.yaml";

    private final int users;
    private final int items;
    private final Codec<Event> events = Codec.of(Event.class);

    SaleBacklog(int users, int items) {
        this.users = users;
        this.items = items;
    }

    /** The pipeline with twenty aggregates. */
    static PipelineSpec spec() {
        try (InputStream in = SaleBacklog.class.getResourceAsStream(SPEC)) {
            if (in == null) {
                throw new IllegalStateException(SPEC + ": not in this build");
            }
            return SpecReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), SPEC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Entry event(long n) {
        SplittableRandom random = new SplittableRandom(n);
        String user = "user-" + random.nextInt(users);
        Event event = Event.newBuilder()
                .setId(new UUID(random.nextLong(), n).toString())
                .setKind(random.nextInt(SALES) == 0 ? "sale" : "view")
                .setTimeMicros(START_MICROS + n * STEP_MICROS)
                .setEntities(Map.of("user", user, "item", "item-" + random.nextInt(items)))
                .setValues(Map.of(
                        "price", random.nextInt(10_000) / 100.0,
                        "shop", "shop-" + random.nextInt(SHOPS),
                        "brand", "brand-" + random.nextInt(BRANDS)))
                .build();
        return new Entry(user.getBytes(StandardCharsets.UTF_8), events.encode(event), event.getTimeMicros());
    }
}
