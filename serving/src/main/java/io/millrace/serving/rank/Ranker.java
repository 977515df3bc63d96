package io.millrace.serving.rank;

import com.github.benmanes.caffeine.cache.Ticker;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Candidate;
import io.millrace.record.Decision;
import io.millrace.record.ModelVersion;
import io.millrace.record.Slot;
import io.millrace.serving.model.ServedModel;
import io.millrace.serving.policy.Choice;
import io.millrace.serving.policy.Choice.Place;
import io.millrace.serving.policy.Draws;
import io.millrace.serving.policy.Policy;
import io.millrace.serving.popularity.RewardRates;
import io.millrace.serving.rank.Workspace.Encoded;
import io.millrace.vector.FeatureSet;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Problems;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordReader;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers rank requests. Every answer is a new decision, which is logged, except that a request with an id already answered
 * gets the first answer again, whatever else it says.
 *
 * <p>Safe for use by several threads. A request is scored by one model version from its first candidate to its last. Work is
 * bounded by the size of the request and never waits for Kafka for longer than some milliseconds.
 */
public final class Ranker {
    private final FeatureSet featureSet;
    private final double unshownRate;
    private final Policy policy;
    private final RequestReader reader;
    private final Supplier<? extends @Nullable ServedModel> model;
    private final RewardRates rates;
    private final Supplier<? extends EntitySource> entities;
    private final AnswerCache answers;
    private final DecisionLog decisions;
    private final RankMetrics metrics;
    private final Clock clock;
    private final LongSupplier randomBits;
    /** Ids do not go back in time when the clock does. */
    private final AtomicLong latestMillis = new AtomicLong();

    private final ThreadLocal<Workspace> workspaces;

    Ranker(
            PipelineSpec spec,
            byte[] secret,
            Supplier<? extends @Nullable ServedModel> model,
            RewardRates rates,
            Supplier<? extends EntitySource> entities,
            AnswerCache answers,
            LogProducer producer,
            RankMetrics metrics,
            Clock clock,
            LongSupplier randomBits) {
        this.featureSet = spec.featureSet();
        this.unshownRate = spec.decision().unshownRate();
        this.policy = new Policy(spec.policy());
        this.reader = new RequestReader(spec.decision());
        this.model = model;
        this.rates = rates;
        this.entities = entities;
        this.answers = answers;
        this.decisions = new DecisionLog(producer, metrics);
        this.metrics = metrics;
        this.clock = clock;
        this.randomBits = randomBits;
        NameLog names = new NameLog(producer, metrics);
        byte[] key = secret.clone();
        this.workspaces = ThreadLocal.withInitial(() -> new Workspace(spec, key, names));
    }

    /**
     * A ranker that remembers the answers to recent request ids, as {@code decisions} holds them.
     *
     * @param model the version to decide with; it may throw what {@link #rank} then throws
     * @param entities where streaming features are found, asked once a request; safe for use by several threads
     * @param randomBits 64 uniform random bits for each decision id; safe for use by several threads
     */
    public static Ranker start(
            PipelineSpec spec,
            KafkaSettings kafka,
            byte[] secret,
            Supplier<? extends @Nullable ServedModel> model,
            RewardRates rates,
            Supplier<? extends EntitySource> entities,
            LogProducer producer,
            DeadLetters deadLetters,
            Runnable onDeadLetter,
            RankMetrics metrics,
            Clock clock,
            LongSupplier randomBits) {
        AnswerCache answers = new AnswerCache(Ticker.systemTicker());
        Ranker ranker = new Ranker(spec, secret, model, rates, entities, answers, producer, metrics, clock, randomBits);
        try (RecordReader reader = new RecordReader(kafka, deadLetters, onDeadLetter)) {
            AnswerRefill.run(kafka, reader, clock, answers);
        }
        return ranker;
    }

    /**
     * Answers a request.
     *
     * @param body JSON, UTF-8
     * @throws InvalidRequestException with everything that is wrong with it
     * @throws io.millrace.serving.model.ModelNotReadyException if it is a new request and the model is still being read
     */
    public Answer rank(byte[] body) throws InvalidRequestException {
        Map<String, @Nullable Object> fields = JsonBody.read(body);
        Optional<Answer> before = RequestReader.requestId(fields).flatMap(answers::find);
        if (before.isPresent()) {
            metrics.retried();
            return before.get();
        }
        Instant now = clock.instant();
        Problems problems = new Problems();
        RankRequest request = reader.read(fields, ChronoUnit.MICROS.between(Instant.EPOCH, now), problems);
        Workspace workspace = workspaces.get();
        @Nullable ServedModel version = model.get();
        EntitySource features = entities.get();
        Encoded encoded = workspace.encode(request, version, rates, features, problems);
        InvalidRequestException.throwIfAny(problems);
        workspace.writeNames();
        if (request.requestId() == null) {
            return decide(request, encoded, version, features.position(), now, workspace);
        }
        return answers.first(
                request.requestId(), () -> decide(request, encoded, version, features.position(), now, workspace));
    }

    private Answer decide(
            RankRequest request,
            Encoded encoded,
            @Nullable ServedModel version,
            long featuresOffset,
            Instant now,
            Workspace workspace) {
        String id = mint(request, now);
        Choice choice = policy.choose(id, encoded.scores(), encoded.rates(), request.slots(), workspace.draws());
        List<Slot> slate = new ArrayList<>(choice.slate().size());
        for (Place place : choice.slate()) {
            slate.add(new Slot(
                    request.candidates().get(place.candidate()).item(),
                    ByteBuffer.wrap(encoded.features()[place.candidate()]),
                    encoded.scores()[place.candidate()],
                    place.propensity(),
                    place.armPropensity()));
        }
        Decision decision = new Decision(
                id,
                request.requestId(),
                request.subject(),
                request.timeMicros(),
                featureSet.name(),
                featureSet.version(),
                ByteBuffer.wrap(encoded.shared()),
                choice.arm().text(),
                choice.explored(),
                slate,
                request.candidates().size(),
                unshown(id, request, encoded, choice, workspace.draws()),
                unshownRate,
                policy.text(),
                version == null
                        ? null
                        : new ModelVersion(
                                version.snapshot().lineage(),
                                List.of(version.snapshot().offset())),
                Map.of(),
                featuresOffset);
        boolean logged = decisions.write(decision, unshownBytes(request, encoded, choice));
        if (!logged) {
            metrics.unlogged();
        }
        metrics.decided(choice.arm(), choice.explored());
        return Answer.of(decision, logged);
    }

    /** The candidates that are logged without having been shown, in the order in which they were offered. */
    private List<Candidate> unshown(String id, RankRequest request, Encoded encoded, Choice choice, Draws draws) {
        if (unshownRate == 0) {
            return List.of();
        }
        int n = request.candidates().size();
        BitSet logged = draws.unshown(id, n, unshownRate);
        choice.slate().forEach(place -> logged.clear(place.candidate()));
        List<Candidate> unshown = new ArrayList<>(logged.cardinality());
        for (int i = logged.nextSetBit(0); i >= 0; i = logged.nextSetBit(i + 1)) {
            unshown.add(new Candidate(
                    request.candidates().get(i).item(), ByteBuffer.wrap(encoded.features()[i]), encoded.scores()[i]));
        }
        return unshown;
    }

    /** What those that were not shown may take, whichever of them are logged. */
    private long unshownBytes(RankRequest request, Encoded encoded, Choice choice) {
        if (unshownRate == 0) {
            return 0;
        }
        BitSet shown = new BitSet(request.candidates().size());
        choice.slate().forEach(place -> shown.set(place.candidate()));
        DrawnBytes bytes = new DrawnBytes(unshownRate);
        for (int i = shown.nextClearBit(0); i < request.candidates().size(); i = shown.nextClearBit(i + 1)) {
            bytes.add(request.candidates().get(i).item(), encoded.features()[i].length);
        }
        return bytes.most();
    }

    private String mint(RankRequest request, Instant now) {
        @Nullable String requestId = request.requestId();
        long millis = latestMillis.accumulateAndGet(now.toEpochMilli(), Math::max);
        return requestId == null
                ? DecisionIds.mint(millis, randomBits.getAsLong())
                : DecisionIds.mint(millis, requestId, randomBits.getAsLong());
    }
}
