package io.millrace.features.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureVector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IndexerTest {
    private static final List<String> LEARNERS = List.of("ftrl", "auto", "normalized");

    private record Element(int index, float value) {}

    @Test
    void indexesAsItsDocumentationSays() {
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            PipelineSpec spec = randomSpec(random);
            Indexer indexer = new Indexer(spec);
            FeatureVector vector = randomVector(spec, random);
            SparseVector out = new SparseVector();
            indexer.index(vector, IndexerTest::learned, out);
            assertThat(elements(out)).as("seed %s", seed).isEqualTo(naive(spec, vector));
        }
    }

    @Test
    void tellsForEachIndexWhereItComesFrom() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            PipelineSpec spec = randomSpec(random);
            Indexer indexer = new Indexer(spec);
            FeatureVector vector = randomVector(spec, random);
            SparseVector out = new SparseVector();
            indexer.index(vector, IndexerTest::learned, out);
            List<Element> told = new ArrayList<>(List.of(new Element(indexer.constantIndex(), 1)));
            indexer.expand(vector, IndexerTest::learned, (id, index, value, term, parts) -> {
                told.add(new Element(index, value));
                List<String> names = indexer.terms().get(term);
                assertThat(parts).hasSize(names.size());
                for (int p = 0; p < parts.length; p++) {
                    int position = vector.set().indexOf(names.get(p));
                    assertThat(parts[p]).isBetween(vector.from(position), vector.to(position) - 1);
                }
            });
            assertThat(told).as("seed %s", seed).isEqualTo(elements(out));
        }
    }

    @Test
    void givesTheSameIndicesForTheSameSeedAndOthersForAnother() {
        PipelineSpec first = spec("seed: 1", "", "");
        FeatureVector vector =
                new FeatureVector(first.featureSet()).categorical(0, 7).categorical(1, 8);
        assertThat(indices(new Indexer(first), vector))
                .isEqualTo(indices(new Indexer(spec("seed: 1", "", "")), vector));
        assertThat(indices(new Indexer(first), vector))
                .doesNotContainAnyElementsOf(indices(new Indexer(spec("seed: 2", "", "")), vector));
    }

    @Test
    void spreadsValuesAndCrossesEvenlyOverTheTable() {
        int rows = 1 << 10;
        PipelineSpec spec = spec("bits: 10", "", "[[user, item]]");
        Indexer indexer = new Indexer(spec);
        FeatureHash users = FeatureHash.of("user");
        FeatureHash items = FeatureHash.of("item");
        int[][] counts = new int[3][rows];
        FeatureVector vector = new FeatureVector(spec.featureSet());
        int n = 200;
        for (int user = 0; user < n; user++) {
            for (int item = 0; item < n; item++) {
                vector.clear().categorical(0, users.hash("" + user)).categorical(1, items.hash("" + (user * n + item)));
                indexer.expand(vector, IndexerTest::learned, (id, index, value, term, parts) -> counts[term][index]++);
            }
        }
        assertThat(chiSquare(counts[1], (double) n * n / rows)).isBetween(800.0, 1250.0);
        assertThat(chiSquare(counts[2], (double) n * n / rows)).isBetween(800.0, 1250.0);
    }

    /** With 1023 degrees of freedom: mean 1023, standard deviation 45. */
    private static double chiSquare(int[] counts, double expected) {
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    private static List<Element> naive(PipelineSpec spec, FeatureVector vector) {
        List<List<String>> terms = new ArrayList<>();
        vector.set().features().forEach(feature -> terms.add(List.of(feature.name())));
        terms.addAll(spec.crosses());
        List<Element> all = new ArrayList<>();
        all.add(new Element(naiveIndex(spec, Indexer.CONSTANT), 1));
        for (List<String> term : terms) {
            List<long[]> ids = List.of();
            List<Float> products = List.of();
            for (int p = 0; p < term.size(); p++) {
                int position = vector.set().indexOf(term.get(p));
                List<long[]> nextIds = new ArrayList<>();
                List<Float> nextProducts = new ArrayList<>();
                int before = p == 0 ? 1 : ids.size();
                for (int b = 0; b < before && vector.isPresent(position); b++) {
                    for (Seen seen : naiveElements(spec, vector, position)) {
                        nextIds.add(new long[] {p == 0 ? seen.id() : FeatureHash.combine(ids.get(b)[0], seen.id())});
                        nextProducts.add((p == 0 ? 1 : products.get(b)) * seen.value());
                    }
                }
                ids = nextIds;
                products = nextProducts;
            }
            for (int i = 0; i < ids.size(); i++) {
                all.add(new Element(naiveIndex(spec, ids.get(i)[0]), products.get(i)));
            }
        }
        return all;
    }

    private record Seen(long id, float value) {}

    private static List<Seen> naiveElements(PipelineSpec spec, FeatureVector vector, int position) {
        Feature feature = vector.set().features().get(position);
        long field = FeatureHash.of(feature.name()).hash("");
        List<Seen> all = new ArrayList<>();
        for (int e = vector.from(position); e < vector.to(position); e++) {
            switch (feature.kind()) {
                case NUMERIC -> all.addAll(naiveNumeric(spec, feature.name(), field, vector.value(e)));
                case EMBEDDING ->
                    all.add(new Seen(FeatureHash.combine(field, e - vector.from(position)), vector.value(e)));
                case CATEGORICAL, CATEGORICAL_SET, WEIGHTED_SET, SEQUENCE ->
                    all.add(new Seen(vector.hash(e), vector.value(e)));
            }
        }
        return all;
    }

    private static List<Seen> naiveNumeric(PipelineSpec spec, String name, long field, float value) {
        if (spec.bins().get(name) instanceof Bins.Width steps) {
            return List.of(new Seen(FeatureHash.combine(field, (long) Math.floor(value / steps.width())), 1));
        }
        int position = spec.featureSet().indexOf(name);
        int number = 0;
        for (LearnedNumeric learned : LearnedNumeric.of(spec)) {
            if (learned.position() == position) {
                List<Seen> all = new ArrayList<>();
                if (learned.standardized()) {
                    float deviations = (value - learned(number, learned.bins())) * learned(number, learned.bins() + 1);
                    all.add(new Seen(field, Math.min(5, Math.max(-5, deviations))));
                }
                all.addAll(naiveBins(field, value, number, learned.bins()));
                return all;
            }
            number++;
        }
        if (spec.model().learner() == LearnerKind.NORMALIZED) {
            return List.of(new Seen(field, value));
        }
        return List.of(
                new Seen(field, (float) (value < 0 ? -StrictMath.log1p(-(double) value) : StrictMath.log1p(value))));
    }

    /** Of bins with one centre, only the first is there. */
    private static List<Seen> naiveBins(long field, float value, int number, int bins) {
        TreeMap<Float, Integer> centers = new TreeMap<>();
        for (int i = 0; i < bins; i++) {
            centers.putIfAbsent(learned(number, i), i);
        }
        Map.Entry<Float, Integer> below = centers.floorEntry(value);
        Map.Entry<Float, Integer> above = centers.ceilingEntry(value);
        if (below == null || above == null || below.equals(above)) {
            int bin = (below == null ? above : below).getValue();
            return List.of(new Seen(FeatureHash.combine(field, bin), 1));
        }
        float share = (value - below.getKey()) / (above.getKey() - below.getKey());
        return List.of(
                new Seen(FeatureHash.combine(field, below.getValue()), 1 - share),
                new Seen(FeatureHash.combine(field, above.getValue()), share));
    }

    /** Ascending, each twice. */
    private static float learned(int feature, int number) {
        return (feature + 1) * (number / 2) - 4;
    }

    private static int naiveIndex(PipelineSpec spec, long id) {
        long hash = FeatureHash.combine(spec.model().seed(), id);
        String bits = String.format("%64s", Long.toBinaryString(hash)).replace(' ', '0');
        return Integer.parseInt(bits.substring(0, spec.model().bits()), 2);
    }

    private static PipelineSpec randomSpec(Random random) {
        List<String> names = new ArrayList<>(List.of("user", "item"));
        StringBuilder candidate = new StringBuilder();
        for (int i = 0; i < random.nextInt(7); i++) {
            FeatureKind kind = FeatureKind.values()[random.nextInt(FeatureKind.values().length)];
            names.add("f" + i);
            candidate.append(", f").append(i).append(": ").append(kind.text());
        }
        StringBuilder bins = new StringBuilder("{");
        for (String name : names) {
            if (candidate.indexOf(name + ": numeric") >= 0 && random.nextInt(3) > 0) {
                bins.append(bins.length() > 1 ? ", " : "").append(name);
                bins.append(random.nextBoolean() ? ": 2.5" : ": quantiles(" + (2 + random.nextInt(12)) + ")");
            }
        }
        List<List<String>> crosses = new ArrayList<>();
        for (int i = 0; i < random.nextInt(5); i++) {
            Collections.shuffle(names, random);
            List<String> cross = List.copyOf(names.subList(0, 2 + random.nextInt(Math.min(3, names.size() - 1))));
            if (crosses.stream().noneMatch(other -> other.size() == cross.size() && other.containsAll(cross))) {
                crosses.add(cross);
            }
        }
        return spec(
                "learner: " + LEARNERS.get(random.nextInt(LEARNERS.size())) + ", bits: " + (8 + random.nextInt(19))
                        + ", seed: " + random.nextLong(),
                candidate.toString(),
                crosses.toString() + "\nbins: " + bins + "}\n");
    }

    private static PipelineSpec spec(String model, String candidate, String crosses) {
        return SpecReader.read("""
                pipeline: p
                decision: {subject: user, candidate: {item: categorical%s}}
                feedback: {reward: {click: 1}}
                model: {%s}
                crosses: %s
                """.formatted(candidate, model, crosses.isEmpty() ? "[]" : crosses), "test");
    }

    private static FeatureVector randomVector(PipelineSpec spec, Random random) {
        FeatureVector vector = new FeatureVector(spec.featureSet());
        for (int i = 0; i < vector.set().size(); i++) {
            if (random.nextInt(4) > 0) {
                int n = random.nextInt(4);
                switch (vector.kind(i)) {
                    case NUMERIC ->
                        vector.numeric(
                                i,
                                (random.nextInt(4) == 0
                                        ? random.nextInt(9) - 4
                                        : (random.nextFloat() - 0.5f) * (float) Math.pow(10, random.nextInt(8))));
                    case CATEGORICAL -> vector.categorical(i, random.nextLong());
                    case CATEGORICAL_SET, SEQUENCE ->
                        vector.hashes(i, random.longs(n).toArray());
                    case WEIGHTED_SET -> vector.weightedSet(i, random.longs(n).toArray(), floats(n, random));
                    case EMBEDDING -> vector.embedding(i, floats(n, random));
                }
            }
        }
        return vector;
    }

    private static float[] floats(int n, Random random) {
        float[] floats = new float[n];
        for (int i = 0; i < n; i++) {
            floats[i] = random.nextFloat() * 4 - 2;
        }
        return floats;
    }

    private static List<Integer> indices(Indexer indexer, FeatureVector vector) {
        SparseVector out = new SparseVector();
        indexer.index(vector, IndexerTest::learned, out);
        return elements(out).stream().map(Element::index).toList();
    }

    private static List<Element> elements(SparseVector vector) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < vector.size(); i++) {
            elements.add(new Element(vector.index(i), vector.value(i)));
        }
        return elements;
    }
}
