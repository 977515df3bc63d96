package io.millrace.local.demo;

import io.millrace.features.encode.Indexer;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.Name;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowFinder;
import io.millrace.trainer.score.Scorer;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * What a model learned, in words: walks through the examples, finds out which feature stands behind each index, and names
 * the weights that are farthest from 0. A table's index does not tell what was hashed into it; the log does.
 */
final class StrongestWeights {
    private final FeatureSet set;
    private final Layout layout;
    private final Indexer indexer;
    private final RowFinder finder;
    private final Map<Seen, int[]> counts = new HashMap<>();

    /** A feature or cross with its elements' hashes, and the index that they share with whatever collides. */
    private record Seen(int index, int term, List<Long> hashes) {}

    private StrongestWeights(PipelineSpec spec) {
        this.set = spec.featureSet();
        this.layout = Layout.of(spec);
        this.indexer = new Indexer(spec, layout.firstFeature());
        this.finder = new RowFinder(spec, layout);
    }

    /**
     * @param model the version that is told about
     * @param atLeast leaves out what occurred less often
     * @return the {@code most} strongest, strongest first
     */
    static List<Summary.Weight> find(PipelineSpec spec, LogReader log, ModelSnapshot model, int most, int atLeast) {
        StrongestWeights strongest = new StrongestWeights(spec);
        FeatureVector vector = new FeatureVector(strongest.set);
        log.read(Topic.EXAMPLES, Example.class, placed -> strongest.count(placed.value(), vector, model));
        Map<Long, String> names = new HashMap<>();
        log.read(
                Topic.NAMES,
                Name.class,
                placed -> names.put(placed.value().getHash(), placed.value().getValue()));
        try (Scorer scorer = Scorer.of(spec)) {
            IntToDoubleFunction weights = row -> scorer.weight(model, row);
            return strongest.counts.entrySet().stream()
                    .filter(entry -> entry.getValue()[0] >= atLeast)
                    .sorted(Comparator.comparingDouble(entry ->
                            -Math.abs(weights.applyAsDouble(entry.getKey().index()))))
                    .limit(most)
                    .map(entry -> new Summary.Weight(
                            strongest.name(entry.getKey(), names),
                            weights.applyAsDouble(entry.getKey().index()),
                            entry.getValue()[0]))
                    .toList();
        }
    }

    private void count(Example example, FeatureVector vector, ModelSnapshot model) {
        if (example.getFeatureSetVersion() != set.version()) {
            return;
        }
        ByteBuffer packed = example.getFeatures().duplicate();
        try {
            vector.unpack(packed);
        } catch (MalformedVectorException e) {
            return;
        }
        indexer.expand(vector, layout.numerics(model), (id, index, value, term, elements) -> {
            int row = finder.row(model, model.rows(), id, index);
            List<Long> hashes = new ArrayList<>(elements.length);
            for (int element : elements) {
                hashes.add(vector.hash(element));
            }
            counts.computeIfAbsent(new Seen(row, term, hashes), seen -> new int[1])[0]++;
        });
    }

    private String name(Seen seen, Map<Long, String> names) {
        List<String> features = indexer.terms().get(seen.term());
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            long hash = seen.hashes().get(i);
            String value = hash == 0 ? "" : "=" + names.getOrDefault(hash, Long.toHexString(hash));
            parts.add(features.get(i) + value);
        }
        return String.join(" × ", parts);
    }
}
