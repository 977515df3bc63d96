package io.millrace.local.trace;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.erase.KnownErasures;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog;
import io.millrace.local.trace.Trace.Learned;
import io.millrace.local.trace.Trace.Placed;
import io.millrace.local.trace.Trace.ServedBy;
import io.millrace.local.trace.Trace.Version;
import io.millrace.record.Decision;
import io.millrace.record.Delta;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Manifest;
import io.millrace.record.Name;
import io.millrace.record.Outcome;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds what became of a decision. Kafka has no index of keys: the topics are read from ten minutes before the decision was
 * made, which its id tells, and records of other keys are passed over undecoded. A caller's own request id tells no time: then
 * the decisions are read from their beginning. Used by one thread.
 */
public final class Tracer implements AutoCloseable {
    /** Clocks differ, and feedback may come before its decision. */
    private static final long MARGIN_MS = Duration.ofMinutes(10).toMillis();

    private final KafkaSettings kafka;
    private final RecordLog log;
    private final Optional<PipelineSpec> given;

    /** @param given a spec, for decisions whose own no manifest holds */
    public Tracer(KafkaSettings kafka, Optional<PipelineSpec> given) {
        this.kafka = kafka;
        this.log = new RecordLog(kafka);
        this.given = given;
    }

    /** Decides whether more records are wanted. */
    @FunctionalInterface
    private interface Taking<T> {
        boolean take(Placed<T> placed, int partition);
    }

    /**
     * @param id of a decision: ours, or the caller's, of which the last decision counts
     * @throws StartException if there is no such decision
     */
    public Trace trace(String id) throws StartException, InterruptedException {
        if (DecisionIds.isUnlogged(id)) {
            throw new StartException("decision " + id + ": was not logged, as its answer said (expected: the id of a"
                    + " decision that was); feedback for it is in dead-letters");
        }
        Placed<Decision> decision = decision(id);
        Decision made = decision.value();
        OptionalLong erased = KnownErasures.read(kafka).timeMicros(made.getSubject());
        if (erased.isPresent() && made.getTimeMicros() <= erased.getAsLong()) {
            throw new StartException(
                    "decision " + id + ": its subject asked to be forgotten, with what was decided until "
                            + Instant.EPOCH.plus(erased.getAsLong(), ChronoUnit.MICROS)
                            + " (expected: a decision for a subject that is not erased)");
        }
        String ours = made.getId();
        long since = DecisionIds.isDecisionId(ours)
                ? Math.min(DecisionIds.timeMillis(ours), TimeUnit.MICROSECONDS.toMillis(made.getTimeMicros()))
                        - MARGIN_MS
                : 0;
        Set<String> keys = made.getRequestId() == null ? Set.of(ours) : Set.of(ours, made.getRequestId());

        List<Placed<Feedback>> feedback = new ArrayList<>();
        each(Topic.FEEDBACK, Feedback.class, since, keys::contains, (placed, partition) -> {
            String named = placed.value().getDecisionId();
            if (named == null || named.equals(ours)) {
                feedback.add(placed);
            }
            return true;
        });
        List<Placed<Outcome>> outcomes = new ArrayList<>();
        each(Topic.OUTCOMES, Outcome.class, since, ours::equals, (placed, partition) -> outcomes.add(placed));
        List<Learned> examples = new ArrayList<>();
        each(
                Topic.EXAMPLES,
                Example.class,
                since,
                ours::equals,
                (placed, partition) -> examples.add(new Learned(placed, partition, Optional.empty())));
        return new Trace(decision, features(made), feedback, outcomes, served(examples, since));
    }

    private Placed<Decision> decision(String id) throws StartException, InterruptedException {
        boolean ours = DecisionIds.isDecisionId(id);
        List<Placed<Decision>> found =
                ours ? decisions(id, true, DecisionIds.timeMillis(id) - MARGIN_MS) : decisions(id, false, 0);
        if (found.isEmpty() && ours) {
            // Minted while a clock was set back: the id may be ahead of the log.
            found = decisions(id, true, 0);
        }
        if (found.isEmpty()) {
            throw new StartException("decision " + id + ": not in the log (expected: the id of a decision, or of a"
                    + " request, that is not older than the topic's retention)");
        }
        return found.get(found.size() - 1);
    }

    private List<Placed<Decision>> decisions(String id, boolean ours, long since)
            throws StartException, InterruptedException {
        List<Placed<Decision>> found = new ArrayList<>();
        each(Topic.DECISIONS, Decision.class, since, key -> !ours || key.equals(id), (placed, partition) -> {
            if (id.equals(placed.value().getId()) || id.equals(placed.value().getRequestId())) {
                found.add(placed);
            }
            return !ours || found.isEmpty();
        });
        return found;
    }

    /** The first version that has learned each, and who was first decided for with that. */
    private List<Learned> served(List<Learned> examples, long since) throws StartException, InterruptedException {
        List<@Nullable Version> versions = new ArrayList<>(Arrays.asList(new Version[examples.size()]));
        if (!examples.isEmpty()) {
            each(Topic.MODEL_UPDATES, Delta.class, since, key -> true, (placed, partition) -> {
                Delta delta = placed.value();
                for (int i = 0; i < examples.size(); i++) {
                    Learned learned = examples.get(i);
                    long offset = learned.example().offset();
                    if (versions.get(i) == null
                            && delta.getShard() == learned.shard()
                            && delta.getFrom() <= offset
                            && offset < delta.getTo()) {
                        versions.set(i, version(placed, Optional.empty()));
                    }
                }
                return versions.contains(null);
            });
            each(Topic.DECISIONS, Decision.class, since, key -> true, (placed, partition) -> {
                boolean open = false;
                for (int i = 0; i < versions.size(); i++) {
                    Version version = versions.get(i);
                    if (version != null && version.servedBy().isEmpty()) {
                        versions.set(i, served(version, examples.get(i).shard(), placed.value()));
                        open |= versions.get(i).servedBy().isEmpty();
                    }
                }
                return open;
            });
        }
        List<Learned> all = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            Learned learned = examples.get(i);
            all.add(new Learned(learned.example(), learned.shard(), Optional.ofNullable(versions.get(i))));
        }
        return all;
    }

    private static Version version(Placed<Delta> placed, Optional<ServedBy> servedBy) {
        Delta delta = placed.value();
        return new Version(
                delta.getLineage(),
                delta.getFrom(),
                delta.getTo(),
                delta.getPublishedMicros(),
                placed.partition(),
                placed.offset(),
                servedBy);
    }

    private static Version served(Version version, int shard, Decision decision) {
        boolean knew = decision.getModel() != null
                && decision.getModel().getLineage().equals(version.lineage())
                && shard < decision.getModel().getOffsets().size()
                && decision.getModel().getOffsets().get(shard) >= version.to();
        if (!knew) {
            return version;
        }
        return new Version(
                version.lineage(),
                version.from(),
                version.to(),
                version.publishedMicros(),
                version.partition(),
                version.offset(),
                Optional.of(new ServedBy(
                        decision.getId(),
                        decision.getTimeMicros(),
                        decision.getModel().getOffsets().get(shard))));
    }

    private List<Map<String, String>> features(Decision decision) throws StartException, InterruptedException {
        Optional<PipelineSpec> spec = spec(decision);
        if (spec.isEmpty()) {
            return List.of();
        }
        ReadableFeatures readable;
        try {
            readable = new ReadableFeatures(spec.get().featureSet(), decision);
        } catch (MalformedVectorException e) {
            return List.of();
        }
        Set<Long> wanted = readable.hashes();
        Map<Long, String> names = new HashMap<>();
        each(Topic.NAMES, Name.class, 0, key -> true, (placed, partition) -> {
            if (wanted.contains(placed.value().getHash())) {
                names.put(placed.value().getHash(), placed.value().getValue());
            }
            return names.size() < wanted.size();
        });
        return readable.read(names);
    }

    /** One with the feature set that the decision was made with. */
    private Optional<PipelineSpec> spec(Decision decision) throws StartException, InterruptedException {
        List<PipelineSpec> fitting = new ArrayList<>();
        Consumer<PipelineSpec> add = spec -> {
            if (spec.featureSet().version() == decision.getFeatureSetVersion()) {
                fitting.add(spec);
            }
        };
        given.ifPresent(add);
        each(Topic.MODEL_MANIFESTS, Manifest.class, 0, key -> fitting.isEmpty(), (placed, partition) -> {
            String yaml = placed.value().getSpecText();
            try {
                if (yaml != null) {
                    add.accept(SpecReader.read(yaml, "manifest"));
                }
            } catch (SpecException e) {
                return true;
            }
            return fitting.isEmpty();
        });
        return fitting.stream().findFirst();
    }

    private <T extends SpecificRecord> void each(
            Topic topic, Class<T> type, long sinceMillis, Predicate<String> keys, Taking<T> taking)
            throws StartException, InterruptedException {
        TopicLog topics = log.topics();
        log.read(
                topic,
                type,
                sinceMillis <= 0 ? topics.extents(topic) : topics.since(topic, sinceMillis),
                record -> keys.test(key(record)),
                (value, record) -> taking.take(
                        new Placed<>(value, topics.name(topic, record.partition()), record.offset()),
                        record.partition()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        log.close();
    }
}
