package io.millrace.local.demo;

import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.PolicySpec;
import io.millrace.serving.policy.Arm;
import io.millrace.vector.FeatureVector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The whole loop without Kafka, Flink or HTTP: an audience, the spec's own encoding and policy, a naive learner, and labels
 * that come a given number of decisions after they are known. What lift it reaches is what the real loop should reach.
 */
final class LoopSimulation {
    private static final double PRIOR_STRENGTH = 20;

    private final Audience audience;
    private final PipelineSpec spec;
    private final int delay;
    private final Random random;
    private final NaiveFtrl model;
    private final Indexer indexer;
    private final FeatureVector vector;
    private final ValueEncoder shared;
    private final ValueEncoder candidate;
    private final SparseVector sparse = new SparseVector();
    private final Map<Object, double[]> counters = new HashMap<>();
    private final double[] all = new double[2];
    private final Map<String, Request> open = new HashMap<>();
    /** The packed vectors of what was shown, as decided on, by request and item. */
    private final Map<String, byte[]> logged = new HashMap<>();

    private final StreamedFeatures streamed;
    private final Deque<Late> late = new ArrayDeque<>();
    private double logLoss;
    private long learned;

    private record Late(long due, Reaction reaction) {}

    LoopSimulation(Audience audience, PipelineSpec spec, int delay) {
        this.audience = audience;
        this.spec = spec;
        this.delay = delay;
        this.random = new Random(Draw.mix(audience.seed(), 99));
        this.model = new NaiveFtrl(spec.model());
        this.indexer = new Indexer(spec);
        this.vector = new FeatureVector(spec.featureSet());
        this.streamed = new StreamedFeatures(spec);
        this.shared = new ValueEncoder(spec.decision().shared(), 0, (hash, field, value) -> {});
        this.candidate =
                new ValueEncoder(spec.decision().candidate(), spec.featureSet().shared(), (hash, field, value) -> {});
    }

    Statistics run(long decisions) {
        Statistics statistics = new Statistics();
        for (long n = 0; n < decisions; n++) {
            Optional<Request> next = audience.next();
            if (next.isEmpty()) {
                break;
            }
            Request request = next.get();
            for (Reaction reaction : audience.due(request.timeMicros())) {
                late.add(new Late(n + delay, reaction));
            }
            while (!late.isEmpty() && late.getFirst().due <= n) {
                learn(late.removeFirst().reaction);
            }
            open.put(request.id(), request);
            Arm arm = arm();
            List<Integer> ranked = rank(request, arm);
            List<String> slate = ranked.subList(0, request.slots()).stream()
                    .map(request::item)
                    .toList();
            for (int i : ranked.subList(0, request.slots())) {
                encode(request, i);
                logged.put(request.id() + "/" + request.item(i), vector.pack());
            }
            statistics.add(arm, audience.shown(request.number(), slate));
        }
        return statistics;
    }

    double logLoss() {
        return logLoss / learned;
    }

    private Arm arm() {
        PolicySpec policy = spec.policy();
        double draw = random.nextDouble();
        if (draw < policy.control()) {
            return Arm.CONTROL;
        }
        return draw < policy.control() + policy.popularity() ? Arm.POPULARITY : Arm.LEARNED;
    }

    private List<Integer> rank(Request request, Arm arm) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < request.candidates().size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        boolean explore = random.nextDouble() < spec.policy().epsilon();
        switch (arm) {
            case CONTROL -> {}
            case POPULARITY -> sort(order, i -> rate(request.candidates().get(i)));
            case LEARNED -> {
                if (!explore) {
                    double[] scores = new double[order.size()];
                    for (int i = 0; i < scores.length; i++) {
                        encode(request, i);
                        scores[i] = model.predict(sparse);
                    }
                    sort(order, i -> scores[i]);
                }
            }
        }
        return order;
    }

    private static void sort(List<Integer> order, java.util.function.ToDoubleFunction<Integer> score) {
        order.sort(Comparator.comparingDouble(score).reversed());
    }

    private double rate(Map<String, Object> features) {
        double[] counter = counters.getOrDefault(features.get(spec.policy().popularityBy()), new double[2]);
        double prior = all[1] == 0 ? 0 : all[0] / all[1];
        return (counter[0] + prior * PRIOR_STRENGTH) / (counter[1] + PRIOR_STRENGTH);
    }

    private void learn(Reaction reaction) {
        Request request = open.get(reaction.requestId());
        int i = 0;
        while (!request.item(i).equals(reaction.item())) {
            i++;
        }
        byte[] features = logged.remove(request.id() + "/" + reaction.item());
        vector.unpack(features);
        indexer.index(vector, sparse);
        double y = spec.feedback().rewardOf(reaction.kind(), reaction.value()) > 0 ? 1 : 0;
        double p = model.predict(sparse);
        logLoss -= Math.log(y > 0 ? p : 1 - p);
        learned++;
        streamed.add(request, reaction, spec.feedback().rewardOf(reaction.kind(), reaction.value()), features);
        model.learn(sparse, y);
        double[] counter = counters.computeIfAbsent(
                request.candidates().get(i).get(spec.policy().popularityBy()), key -> new double[2]);
        counter[0] += reaction.value();
        counter[1]++;
        all[0] += reaction.value();
        all[1]++;
    }

    private void encode(Request request, int i) {
        vector.clear();
        Map<String, Object> values = new HashMap<>(request.context());
        values.put(spec.decision().subject(), request.subject());
        shared.encode(values, "context", vector, problem -> {
            throw new AssertionError(problem);
        });
        streamed.encodeShared(request, vector);
        candidate.encode(request.candidates().get(i), "candidate", vector, problem -> {
            throw new AssertionError(problem);
        });
        streamed.encodeCandidate(request, i, vector);
        // the packed form is what travels
        vector.unpack(vector.pack());
        indexer.index(vector, sparse);
    }
}
