package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.trainer.snapshot.Lineage;
import org.junit.jupiter.api.Test;

class SampledLineageTest {
    @Test
    void whatIsDroppedMakesALineageOfItsOwnAndNothingDroppedMakesNone() {
        String all = lineage("");
        assertThat(lineage(", sample: {negatives: 1}")).isEqualTo(all);
        assertThat(lineage(", sample: {negatives: 1, seed: 3}")).isEqualTo(all);
        String sampled = lineage(", sample: {negatives: 0.1}");
        assertThat(sampled).isNotEqualTo(all);
        assertThat(lineage(", sample: {negatives: 0.2}")).isNotEqualTo(all).isNotEqualTo(sampled);
        assertThat(lineage(", sample: {negatives: 0.1, seed: 3}"))
                .isNotEqualTo(all)
                .isNotEqualTo(sampled);
        assertThat(Lineage.canonicalSpec(spec(", sample: {negatives: 0.1, seed: 3}")))
                .contains("\nreward.sample 0.1 3\n");
    }

    private static String lineage(String sample) {
        return Lineage.of(spec(sample), "topic", 1, null);
    }

    private static PipelineSpec spec(String sample) {
        return SpecReader.read("""
                pipeline: movies
                decision: {subject: user, candidate: {item: categorical}}
                feedback: {reward: {click: 1}%s}
                """.formatted(sample), "spec");
    }
}
