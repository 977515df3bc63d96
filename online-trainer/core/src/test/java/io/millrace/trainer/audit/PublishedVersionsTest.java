package io.millrace.trainer.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublishedVersionsTest {
    private static final String DIGEST = "0123456789abcdef";

    private record Delta(long to, long place) {}

    @Test
    void areSortedByVersionAndThenByPlace() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            PublishedVersions published = new PublishedVersions();
            List<Delta> naive = new ArrayList<>();
            int count = random.nextInt(300);
            for (int place = 0; place < count; place++) {
                long to = 1 + random.nextInt(100);
                published.addDelta(0, to, DIGEST, to, 0, place);
                naive.add(new Delta(to, place));
            }
            published.sort();
            naive.sort(Comparator.comparingLong(Delta::to).thenComparingLong(Delta::place));
            assertThat(published.size()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertThat(published.at(i))
                        .as("seed %s", seed)
                        .isEqualTo(naive.get(i).to());
                assertThat(published.place(i))
                        .as("seed %s", seed)
                        .isEqualTo("delta at offset " + naive.get(i).place() + " of model-updates-0");
                assertThat(published.examples(i)).isEqualTo(published.at(i));
            }
        }
    }

    @Test
    void sayWhereTheyStand() {
        PublishedVersions published = new PublishedVersions();
        published.addFile(9, DIGEST, 4, "9.base");
        published.addBase(9, DIGEST, 3, 17);
        published.addDelta(2, 9, DIGEST, 4, 5, 1L << 40);
        published.sort();
        assertThat(List.of(published.place(0), published.place(1), published.place(2)))
                .containsExactly(
                        "delta at offset " + (1L << 40) + " of model-updates-5",
                        "base in the manifest at offset 17 of model-manifests-3",
                        "file 9.base");
        assertThat(published.hasExamples(1)).isFalse();
        assertThat(published.from(0)).isEqualTo(2);
        assertThat(published.last()).isEqualTo(9);
    }

    @Test
    void refuseWhatIsNoVersion() {
        PublishedVersions published = new PublishedVersions();
        assertThatThrownBy(() -> published.addDelta(5, 5, DIGEST, 1, 0, 0))
                .hasMessageContaining("from, to: 5, 5 (expected: ");
        assertThatThrownBy(() -> published.addBase(5, "no digest", 0, 0))
                .hasMessageContaining("digest: no digest (expected: 16 hex digits)");
        assertThat(published.size()).isZero();
        assertThat(published.last()).isEqualTo(-1);
    }
}
