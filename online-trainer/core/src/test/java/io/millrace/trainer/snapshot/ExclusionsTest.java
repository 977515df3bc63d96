package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.ExcludedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExclusionsTest {
    @Test
    void containsWhatSomeRangeContainsHoweverTheRangesLie() {
        long seed = 20_261_126;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<ExcludedRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                long from = random.nextInt(40);
                ranges.add(new ExcludedRange(random.nextInt(2), from, from + 1 + random.nextInt(10)));
            }
            Exclusions exclusions = Exclusions.of(ranges);
            for (int shard = 0; shard < 3; shard++) {
                for (long offset = 0; offset < 60; offset++) {
                    int at = shard;
                    long of = offset;
                    assertThat(exclusions.contains(shard, offset))
                            .as("seed %d, round %d, %s: shard %d, offset %d", seed, round, ranges, shard, offset)
                            .isEqualTo(ranges.stream()
                                    .anyMatch(range ->
                                            range.getShard() == at && range.getFrom() <= of && of < range.getTo()));
                }
            }
        }
    }

    @Test
    void whatMeetsIsOneRange() {
        Exclusions exclusions =
                Exclusions.NONE.and(0, 5, 9).and(0, 20, 30).and(0, 9, 12).and(0, 6, 8);
        assertThat(exclusions).hasToString("5..12, 20..30");
        assertThat(exclusions).isEqualTo(Exclusions.NONE.and(0, 20, 30).and(0, 5, 12));
        assertThat(exclusions.and(1, 3, 4)).hasToString("5..12, 20..30, shard 1 3..4");
        assertThat(Exclusions.NONE.isEmpty()).isTrue();
    }

    @Test
    void givenRangesAreLeftAsTheyAre() {
        ExcludedRange first = new ExcludedRange(0, 1L, 4L);
        Exclusions.of(List.of(first, new ExcludedRange(0, 3L, 9L)));
        assertThat(first.getTo()).isEqualTo(4);
    }

    @Test
    void refusesWhatIsNoRange() {
        assertThatThrownBy(() -> Exclusions.NONE.and(0, 7, 7))
                .hasMessage("excluded range: 7..7 (expected: FROM..TO with offsets 0 <= FROM < TO)");
        assertThatThrownBy(() -> Exclusions.NONE.and(-1, 7, 8)).hasMessage("shard: -1 (expected: at least 0)");
    }
}
