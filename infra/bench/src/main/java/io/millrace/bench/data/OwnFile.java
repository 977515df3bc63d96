package io.millrace.bench.data;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.local.learn.ExampleOptions;
import io.millrace.local.learn.ExampleTable;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Anyone's file, read as {@code millrace learn} reads it with the same flags. */
final class OwnFile implements ExampleTable.Receiver {
    /** Gathers one feature's values. */
    private sealed interface Gatherer permits Numbers, One, Several {
        void end();

        Column column();
    }

    private final List<Gatherer> gatherers = new ArrayList<>();
    private final BitSet labels = new BitSet();
    private int size;

    private OwnFile(PipelineSpec spec) {
        for (Feature feature : spec.featureSet().features()) {
            gatherers.add(
                    switch (feature.kind()) {
                        case NUMERIC ->
                            new Numbers(feature.name(), bins(spec.bins().get(feature.name())));
                        case CATEGORICAL -> new One(feature.name());
                        case CATEGORICAL_SET, SEQUENCE, WEIGHTED_SET, EMBEDDING ->
                            new Several(feature.name(), feature.kind() == FeatureKind.WEIGHTED_SET);
                    });
        }
    }

    private static String bins(@Nullable Bins bins) {
        if (bins instanceof Bins.Width steps) {
            return Double.toString(steps.width());
        }
        return bins == null ? "" : "quantiles";
    }

    /**
     * @param tell receives what became of the columns
     * @throws StartException if the options do not fit the file
     */
    static DataSet read(Path file, int rows, ExampleOptions options, Consumer<String> tell) throws StartException {
        try (ExampleTable table = ExampleTable.open(file, options, tell)) {
            PipelineSpec spec = table.spec();
            OwnFile own = new OwnFile(spec);
            table.read(rows, own);
            String subject = spec.decision().subject();
            return new DataSet(
                    spec.pipeline(),
                    file.getFileName() + ": " + table.label(),
                    own.gatherers.stream()
                            .map(Gatherer::column)
                            .filter(column -> !column.name().equals(subject))
                            .toList(),
                    spec.crosses(),
                    Labels.of(own.labels, own.size));
        }
    }

    @Override
    public void number(int feature, float value) {
        ((Numbers) gatherers.get(feature)).next = value;
    }

    @Override
    public void element(int feature, String text, float weight) {
        if (gatherers.get(feature) instanceof One one) {
            one.next = text;
        } else if (gatherers.get(feature) instanceof Several several) {
            several.nextCodes.add(several.texts.code(text));
            several.nextWeights.add(weight);
        }
    }

    @Override
    public void end(boolean label) {
        gatherers.forEach(Gatherer::end);
        labels.set(size++, label);
    }

    private static final class Numbers implements Gatherer {
        private final String name;
        private final String bins;
        private final List<Float> values = new ArrayList<>();
        private float next = Float.NaN;

        Numbers(String name, String bins) {
            this.name = name;
            this.bins = bins;
        }

        @Override
        public void end() {
            values.add(next);
            next = Float.NaN;
        }

        @Override
        public Column column() {
            return new Column.Numeric(
                    name, values.stream().mapToDouble(Float::doubleValue).toArray(), bins);
        }
    }

    private static final class One implements Gatherer {
        private final Categories categories;
        private @Nullable String next;

        One(String name) {
            this.categories = new Categories(name);
        }

        @Override
        public void end() {
            if (next == null) {
                categories.addMissing();
            } else {
                categories.add(next);
            }
            next = null;
        }

        @Override
        public Column column() {
            return categories.column();
        }
    }

    private static final class Several implements Gatherer {
        private final String name;
        private final boolean isWeighted;
        private final Categories.Texts texts = new Categories.Texts();
        private final List<int[]> codes = new ArrayList<>();
        private final List<float[]> weights = new ArrayList<>();
        private final List<Integer> nextCodes = new ArrayList<>();
        private final List<Float> nextWeights = new ArrayList<>();

        Several(String name, boolean isWeighted) {
            this.name = name;
            this.isWeighted = isWeighted;
        }

        @Override
        public void end() {
            codes.add(nextCodes.stream().mapToInt(Integer::intValue).toArray());
            float[] values = new float[nextWeights.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = nextWeights.get(i);
            }
            weights.add(values);
            nextCodes.clear();
            nextWeights.clear();
        }

        @Override
        public Column column() {
            List<String> values = texts.all();
            return new Column.Several(
                    name, isWeighted, codes.toArray(int[][]::new), weights.toArray(float[][]::new), values::get);
        }
    }
}
