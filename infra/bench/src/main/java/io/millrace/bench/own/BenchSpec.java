package io.millrace.bench.own;

import io.millrace.bench.data.Column;
import io.millrace.bench.data.DataSet;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;

/** The pipeline that a data set's examples could have come from: all columns are the candidate's. */
public final class BenchSpec {
    /** Of the subject, which no example has. */
    private static final String NOBODY = "nobody";

    private BenchSpec() {}

    /**
     * @param model the spec's section {@code model} in YAML, on one line: {@code {learner: ftrl, alpha: 0.1}}
     * @throws io.millrace.features.spec.SpecException if the section is not valid
     */
    public static PipelineSpec of(DataSet data, String model) {
        StringBuilder text = new StringBuilder("pipeline: bench\ndecision:\n  subject: " + NOBODY + "\n  candidate:\n");
        for (Column column : data.columns()) {
            text.append("    ")
                    .append(column.name())
                    .append(column instanceof Column.Categorical ? ": categorical\n" : ": numeric\n");
        }
        text.append("feedback:\n  reward: {outcome: 1.0}\n")
                .append("crosses: ")
                .append(data.crosses())
                .append("\nmodel: ")
                .append(model)
                .append('\n');
        return SpecReader.read(text.toString(), "bench.yaml");
    }
}
