package io.millrace.local.consistency;

import io.millrace.features.aggregate.EventFacts;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.features.consistency.History;
import io.millrace.features.consistency.Reach;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.EventSpec;
import io.millrace.features.spec.Horizon;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog.Extent;
import io.millrace.record.Event;
import io.millrace.record.Outcome;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What features are made of, as it stands in the log: {@code events} and {@code outcomes}, as far as the job takes them. It is for what
 * came in the log's own order; an event that is sent again counts once, as long as it comes within a day.
 */
final class SourceLog {
    private static final Duration MAX_AHEAD = Duration.ofMinutes(10);
    private static final long REMEMBERED = TimeUnit.DAYS.toMicros(1);
    private static final long WHOLE = Long.MIN_VALUE;
    /** Everything counts. */
    static final long EVER = Long.MIN_VALUE;

    private final PipelineSpec spec;
    private final RecordLog log;
    private final History history;
    private final long sinceMicros;
    private final Map<Origin, Long> wholeSince = new EnumMap<>(Origin.class);

    /**
     * @param foreignMicros when the last decision under another feature set was made: what counted then, no one knows
     * @param sinceMicros what happened before does not count, since the job passes over it; or {@link #EVER}
     */
    SourceLog(PipelineSpec spec, RecordLog log, History history, long foreignMicros, long sinceMicros) {
        this.spec = spec;
        this.log = log;
        this.history = history;
        this.sinceMicros = sinceMicros;
        for (Origin origin : Origin.values()) {
            wholeSince.put(origin, foreignMicros);
        }
    }

    void read() throws StartException, InterruptedException {
        List<Extent> events = log.topics().extents(Topic.EVENTS);
        List<Extent> outcomes = log.topics().extents(Topic.OUTCOMES);
        readEvents(events);
        readOutcomes(outcomes);
    }

    private void readEvents(List<Extent> extents) throws InterruptedException {
        EventFacts facts = new EventFacts();
        Map<Integer, Extent> cut = cut(extents);
        Map<Long, Long> rememberedUntil = new HashMap<>();
        Map<Integer, Long> reachedMicros = new HashMap<>();
        log.read(Topic.EVENTS, Event.class, extents, record -> true, (event, record) -> {
            noteBeginning(Origin.EVENTS, cut, record.partition(), record.timestamp());
            @Nullable EventSpec kind = spec.events().get(event.getKind());
            if (kind == null
                    || event.getTimeMicros() < sinceMicros
                    || isAhead(event.getTimeMicros(), record.timestamp())
                    || isOld(event.getTimeMicros(), record.timestamp(), kind.oldest())) {
                return true;
            }
            long reached = reachedMicros.merge(record.partition(), event.getTimeMicros(), Math::max);
            long id = facts.with(event).id();
            if (rememberedUntil.getOrDefault(id, Long.MIN_VALUE) <= reached) {
                rememberedUntil.put(id, reached + REMEMBERED);
                history.add(Origin.EVENTS, record.partition(), record.offset(), facts);
            }
            return true;
        });
        noteRest(Origin.EVENTS, cut);
    }

    private void readOutcomes(List<Extent> extents) throws InterruptedException {
        OutcomeFacts facts = new OutcomeFacts(spec);
        Map<Integer, Extent> cut = cut(extents);
        log.read(Topic.OUTCOMES, Outcome.class, extents, record -> true, (outcome, record) -> {
            noteBeginning(Origin.OUTCOMES, cut, record.partition(), record.timestamp());
            if (OutcomeFacts.knownMicros(outcome) < sinceMicros) {
                return true;
            }
            if (!facts.understands(outcome)) {
                // The job that was there then may have known more of it, or had other features.
                wholeSince.replaceAll((origin, since) -> Math.max(since, outcome.getTimeMicros()));
            }
            if (!isAhead(outcome.getTimeMicros(), record.timestamp())) {
                try {
                    history.add(Origin.OUTCOMES, record.partition(), record.offset(), facts.with(outcome));
                } catch (MalformedVectorException e) {
                    // A dead letter: it counts for nobody.
                    return true;
                }
            }
            return true;
        });
        noteRest(Origin.OUTCOMES, cut);
    }

    /** The clock of who reads a record is at least that of who wrote it. */
    private static boolean isAhead(long timeMicros, long writtenMillis) {
        return timeMicros > TimeUnit.MILLISECONDS.toMicros(writtenMillis + MAX_AHEAD.toMillis());
    }

    private static boolean isOld(long timeMicros, long writtenMillis, Duration oldest) {
        return timeMicros < TimeUnit.MILLISECONDS.toMicros(writtenMillis - oldest.toMillis());
    }

    /** What is gone was written before the first that is left, and is no younger than so far ahead of that. */
    private void noteBeginning(Origin origin, Map<Integer, Extent> cut, int partition, long writtenMillis) {
        if (cut.remove(partition) != null) {
            wholeSince.merge(origin, TimeUnit.MILLISECONDS.toMicros(writtenMillis + MAX_AHEAD.toMillis()), Math::max);
        }
    }

    /** Those that have lost their beginning. */
    private static Map<Integer, Extent> cut(List<Extent> extents) {
        return extents.stream()
                .filter(extent -> extent.begin() > 0)
                .collect(Collectors.toMap(Extent::partition, extent -> extent));
    }

    /** Of a partition of which nothing is left, nothing is known. */
    private void noteRest(Origin origin, Map<Integer, Extent> cut) {
        if (!cut.isEmpty()) {
            wholeSince.put(origin, Long.MAX_VALUE);
        }
    }

    /** Whether the log holds all that a feature is made of. */
    boolean isWhole(AggregateSpec aggregate, Reach reach) {
        if (reach.equals(Reach.NOTHING)) {
            return true;
        }
        long since = Math.max(
                wholeSince.get(origin(aggregate.over().kind())),
                aggregate.per() == null ? WHOLE : wholeSince.get(origin(aggregate.per())));
        if (since == WHOLE || since <= sinceMicros) {
            return true;
        }
        if (!(aggregate.horizon() instanceof Horizon.Window window)) {
            return false;
        }
        long longest = TimeUnit.NANOSECONDS.toMicros(
                window.length().plus(window.tile()).toNanos());
        return reach.asOfMicros() - longest > since;
    }

    private Origin origin(String kind) {
        return spec.events().containsKey(kind) ? Origin.EVENTS : Origin.OUTCOMES;
    }
}
