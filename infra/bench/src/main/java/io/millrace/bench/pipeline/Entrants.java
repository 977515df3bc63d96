package io.millrace.bench.pipeline;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.data.DataSet;
import io.millrace.bench.own.BenchSpec;
import io.millrace.bench.own.ExampleLog;
import io.millrace.features.spec.PipelineSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who takes part, with the same examples each. */
public final class Entrants {
    /** Of every learner's table: 2^22 weights. */
    public static final int BITS = 22;

    private Entrants() {}

    /** The spec of a learner with 2^22 weights: {@code auto}; {@code ftrl, alpha: 0.1}. */
    public static PipelineSpec spec(DataSet data, String learner) {
        return BenchSpec.of(data, "{learner: " + learner + ", bits: " + BITS + "}");
    }

    /**
     * Writes the examples to the workplace's topic and makes the entrants: the reference first, if there is one, then each
     * learner alone and through the topic.
     *
     * @param learners as of {@link #spec}
     */
    public static List<Entrant> of(
            DataSet data,
            List<String> learners,
            Optional<Contender> reference,
            Workplace workplace,
            Duration checkpointInterval) {
        byte[][] log = ExampleLog.of(data, spec(data, learners.get(0)).featureSet());
        workplace.write(log);
        List<Entrant> entrants = new ArrayList<>();
        reference.ifPresent(contender -> entrants.add(new InMemory(contender, data.size())));
        for (String learner : learners) {
            PipelineSpec spec = spec(data, learner);
            entrants.add(new Alone(learner, spec, log));
            entrants.add(new FromTopic(learner, spec, workplace, data.size(), checkpointInterval));
        }
        return entrants;
    }
}
