package io.millrace.local.consistency;

import io.millrace.features.aggregate.AggregateGroup;
import io.millrace.features.aggregate.EntityValues;
import io.millrace.features.consistency.Comparison;
import io.millrace.features.consistency.EntityName;
import io.millrace.features.consistency.FeatureCheck;
import io.millrace.features.consistency.History;
import io.millrace.features.consistency.Reach;
import io.millrace.features.consistency.RecordReading;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.local.consistency.FeatureFindings.Cause;
import io.millrace.local.consistency.PublishedValues.Published;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog.Extent;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes a sample of logged feature values again and compares.
 *
 * <p>A decision says which {@code feature-values} it knew, a record of these says how far into {@code events} and {@code outcomes}
 * it reaches: what the value should be is then a function of the log. It is computed from everything that happened to
 * the entity, by other code than online; where it differs, the record tells whether the job counted wrongly or serving read wrongly.
 */
public final class ConsistencyCheck implements AutoCloseable {
    private final RecordLog log;
    private final PipelineSpec spec;
    private final long sinceMicros;
    private final LongSupplier nanos;
    private final List<AggregateGroup> groups;
    private final List<FeatureCheck> checks;
    private final FeatureVector vector;
    private final Map<Integer, Long> next = new HashMap<>();
    private final Map<Integer, Long> seen = new HashMap<>();
    private long foreignMicros = Long.MIN_VALUE;
    private boolean hasBackfill;

    /**
     * @param since what happened before did not count from topics; null if everything did
     * @param nanos a clock
     */
    public ConsistencyCheck(KafkaSettings kafka, PipelineSpec spec, @Nullable Instant since, LongSupplier nanos) {
        this.log = new RecordLog(kafka);
        this.spec = spec;
        this.sinceMicros = since == null ? SourceLog.EVER : ChronoUnit.MICROS.between(Instant.EPOCH, since);
        this.nanos = nanos;
        this.groups = AggregateGroup.of(spec);
        this.checks = spec.aggregates().stream()
                .map(aggregate -> new FeatureCheck(spec, aggregate))
                .toList();
        this.vector = new FeatureVector(spec.featureSet());
    }

    /** A candidate of a decision, as it was logged. */
    private record Logged(Decision decision, String place, String item, ByteBuffer features, boolean isFirst) {}

    /** What is done with one feature of a candidate. */
    private interface Visit {
        void visit(Logged logged, FeatureCheck check);
    }

    private record Chosen(List<Decision> decisions, long offered, long passedOver) {}

    /**
     * Looks at decisions from where it has {@linkplain #advance advanced} to.
     *
     * @param most so many of them
     * @throws StartException if a topic is not there, or no broker
     */
    public ConsistencyReport run(int most) throws StartException, InterruptedException {
        long began = nanos.getAsLong();
        Chosen chosen = choose(most);
        PublishedValues published = new PublishedValues();
        Set<EntityName> entities = new HashSet<>();
        visit(
                chosen.decisions(),
                (logged, check) -> check.entities(vector, logged.item()).forEach(entity -> {
                    entities.add(entity);
                    published.want(key(entity), logged.decision().getFeaturesOffset());
                }));
        for (Extent extent : log.topics().extents(Topic.FEATURE_VALUES)) {
            published.read(log.topics(), extent, log.decoder());
        }
        hasBackfill |= published.hasFiles();
        History history = new History(spec, entities);
        SourceLog sources = new SourceLog(spec, log, history, foreignMicros, sinceMicros);
        sources.read();
        Map<FeatureCheck, FeatureFindings> findings = new LinkedHashMap<>();
        checks.forEach(check ->
                findings.put(check, new FeatureFindings(check.aggregate().name())));
        visit(
                chosen.decisions(),
                (logged, check) -> compare(logged, check, published, history, sources, findings.get(check)));
        return new ConsistencyReport(
                spec.pipeline(),
                chosen.decisions().size(),
                chosen.offered(),
                chosen.passedOver(),
                findings.values().stream().map(FeatureFindings::result).toList(),
                (nanos.getAsLong() - began) / 1e9);
    }

    /** What the last run looked at is done: the next one goes on behind it. */
    public void advance() {
        next.putAll(seen);
    }

    private Chosen choose(int most) throws StartException, InterruptedException {
        DecisionSample sample = new DecisionSample(most);
        long[] passedOver = {0};
        for (Extent extent : log.topics().extents(Topic.DECISIONS)) {
            Extent unseen = new Extent(
                    extent.partition(),
                    Math.max(extent.begin(), next.getOrDefault(extent.partition(), 0L)),
                    extent.end(),
                    extent.open());
            seen.put(extent.partition(), extent.end());
            log.read(Topic.DECISIONS, Decision.class, List.of(unseen), record -> true, (decision, record) -> {
                boolean isOurs =
                        decision.getFeatureSetVersion() == spec.featureSet().version();
                if (!isOurs) {
                    foreignMicros = Math.max(foreignMicros, decision.getTimeMicros());
                }
                if (isOurs && decision.getFeaturesOffset() >= 0) {
                    sample.offer(decision);
                } else {
                    passedOver[0]++;
                }
                return true;
            });
        }
        return new Chosen(sample.decisions(), sample.offered(), passedOver[0]);
    }

    /** With the candidate in {@link #vector}; what all candidates share is looked at once a decision. */
    private void visit(List<Decision> decisions, Visit visit) {
        for (Decision decision : decisions) {
            for (Logged logged : candidates(decision)) {
                byte[] packed = new byte
                        [decision.getShared().remaining() + logged.features().remaining()];
                ByteBuffer.wrap(packed)
                        .put(decision.getShared().duplicate())
                        .put(logged.features().duplicate());
                try {
                    vector.unpack(packed);
                } catch (MalformedVectorException e) {
                    continue;
                }
                for (FeatureCheck check : checks) {
                    if (logged.isFirst() || !spec.decision().isShared(check.aggregate())) {
                        visit.visit(logged, check);
                    }
                }
            }
        }
    }

    private static List<Logged> candidates(Decision decision) {
        List<Logged> all = new ArrayList<>();
        for (Slot slot : decision.getSlate()) {
            all.add(new Logged(decision, "slot " + all.size(), slot.getItem(), slot.getFeatures(), all.isEmpty()));
        }
        for (Candidate candidate : decision.getUnshown()) {
            all.add(new Logged(decision, "unshown", candidate.getItem(), candidate.getFeatures(), all.isEmpty()));
        }
        return all;
    }

    private AggregateGroup group(EntityName entity) {
        return groups.stream()
                .filter(group -> group.by().equals(entity.by()))
                .findFirst()
                .orElseThrow();
    }

    private String key(EntityName entity) {
        AggregateGroup group = group(entity);
        long[] hashes = entity.hashes().stream().mapToLong(Long::longValue).toArray();
        return group.text() + "/" + EntityValues.key(group.entity(hashes));
    }

    private void compare(
            Logged logged,
            FeatureCheck check,
            PublishedValues published,
            History history,
            SourceLog sources,
            FeatureFindings findings) {
        AggregateSpec aggregate = check.aggregate();
        long offset = logged.decision().getFeaturesOffset();
        long time = logged.decision().getTimeMicros();
        Map<EntityName, Published> known = new HashMap<>();
        for (EntityName entity : check.entities(vector, logged.item())) {
            known.put(entity, published.before(key(entity), offset));
        }
        if (!known.values().stream().allMatch(Published::isKnown)) {
            findings.unknown();
            return;
        }
        Comparison byRecord = check.compare(vector, logged.item(), entity -> {
            AggregateGroup group = group(entity);
            long definition = group.definitions().get(group.aggregates().indexOf(aggregate));
            return RecordReading.of(aggregate, known.get(entity).record(), definition, time);
        });
        boolean isFromLog = known.entrySet().stream()
                .allMatch(one -> isTold(aggregate, one.getKey(), one.getValue(), history, sources));
        Comparison byLog = isFromLog
                ? check.compare(
                        vector,
                        logged.item(),
                        entity -> history.read(aggregate, entity, reach(known.get(entity)), time))
                : byRecord;
        if (!byLog.isCertain()) {
            byLog = byRecord;
            isFromLog = false;
        }
        if (byLog.differs() || byRecord.differs()) {
            String place = "decision " + logged.decision().getId() + ", " + logged.place() + ", item " + logged.item()
                    + ", feature-values before offset " + offset;
            findings.differs(
                    byRecord.differs() ? byRecord : byLog,
                    isFromLog && !byRecord.differs(),
                    byRecord.differs() ? Cause.SERVING : Cause.JOB,
                    place);
        } else {
            findings.equal(byLog, isFromLog);
        }
    }

    private static Reach reach(Published published) {
        return published.record() == null ? Reach.NOTHING : Reach.of(published.record());
    }

    /** After a backfill the job passes over what happened before its {@code --to}: unless that is told, nobody knows what. */
    private boolean isTold(
            AggregateSpec aggregate, EntityName entity, Published published, History history, SourceLog sources) {
        Reach reach = reach(published);
        boolean mayBePassedOver = hasBackfill && sinceMicros == SourceLog.EVER;
        return sources.isWhole(aggregate, reach) && history.tells(entity, reach, published.later(), mayBePassedOver);
    }

    @Override
    public void close() {
        log.close();
    }
}
