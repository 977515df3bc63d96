package io.millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Delta;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.snapshot.WeightDelta;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownLineageTest {
    private final KnownLineage lineage = new KnownLineage("movies", "0011");
    private final List<Delta> parts = DeltaCodec.encode(
            new WeightDelta(
                    "movies",
                    "0011",
                    0,
                    3,
                    9,
                    256,
                    1,
                    new int[] {1, 2, 3, 4, 5},
                    new float[] {1, 2, 3, 4, 5},
                    "0123456789abcdef",
                    6),
            1);

    @Test
    void aDeltaIsAVersion() {
        lineage.add(parts.get(0), 0, 4);
        assertThat(lineage.published(0).size()).isEqualTo(1);
        assertThat(lineage.published(0).last()).isEqualTo(9);
        assertThat(lineage.malformed(0)).isEmpty();
    }

    @Test
    void aDeltaThatLeadsNowhereIsNone() {
        Delta backwards = parts.get(0);
        backwards.setFrom(9);
        backwards.setChecksum(0);
        lineage.add(backwards, 2, 5);
        assertThat(lineage.published(0).size()).isZero();
        assertThat(lineage.malformed(0))
                .extracting(Difference::text)
                .singleElement()
                .asString()
                .contains("offset 5 of model-updates-2 is no version: from, to: 9, 9");
    }
}
