package io.millrace.bench.own;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.vector.FeatureKind;

/** The pipeline that a data set's examples could have come from: all columns are the candidate's. */
public final class BenchSpec {
    /** The subject, which no example has. */
    private static final String NOBODY = "nobody_decides";

    private BenchSpec() {}

    /**
     * @param model the spec's section {@code model} in YAML, on one line: {@code {learner: ftrl, alpha: 0.1}}
     * @throws io.millrace.features.spec.SpecException if the section is not valid
     */
    public static PipelineSpec of(DataSet data, String model) {
        StringBuilder text = new StringBuilder("pipeline: bench\ndecision:\n  subject: " + NOBODY + "\n  candidate:\n");
        StringBuilder bins = new StringBuilder();
        for (Column column : data.columns()) {
            text.append("    ")
                    .append(column.name())
                    .append(": ")
                    .append(kind(column).text())
                    .append('\n');
            if (column instanceof Column.Numeric numeric && !numeric.bins().isEmpty()) {
                bins.append("  ")
                        .append(column.name())
                        .append(": ")
                        .append(numeric.bins())
                        .append('\n');
            }
        }
        text.append("feedback:\n  reward: {outcome: 1.0}\n")
                .append("crosses: ")
                .append(data.crosses())
                .append(bins.isEmpty() ? "" : "\nbins:\n" + bins)
                .append("\nmodel: ")
                .append(model)
                .append('\n');
        return SpecReader.read(text.toString(), "bench.yaml");
    }

    private static FeatureKind kind(Column column) {
        if (column instanceof Column.Several several) {
            return several.isWeighted() ? FeatureKind.WEIGHTED_SET : FeatureKind.CATEGORICAL_SET;
        }
        return column instanceof Column.Categorical ? FeatureKind.CATEGORICAL : FeatureKind.NUMERIC;
    }
}
