package io.millrace.serving.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.serving.rank.Answer.Shown;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnswerCacheTest {
    private final AtomicLong now = new AtomicLong();
    private final AnswerCache cache = new AnswerCache(now::get);

    private static Answer answer(String id, int places) {
        return new Answer(
                "d-" + id, id, "control", true, null, Collections.nCopies(places, new Shown("item", 0, 1)), true);
    }

    @Test
    void keepsTheFirstAnswer() {
        assertThat(cache.first("a", () -> answer("1", 1))).isEqualTo(answer("1", 1));
        assertThat(cache.first("a", () -> answer("2", 1))).isEqualTo(answer("1", 1));
        assertThat(cache.find("a")).contains(answer("1", 1));
        assertThat(cache.find("b")).isEmpty();
    }

    @Test
    void forgetsAfterAWhile() {
        cache.first("a", () -> answer("1", 1));
        now.addAndGet(AnswerCache.KEPT.toNanos() - 1);
        assertThat(cache.find("a")).isPresent();
        now.addAndGet(1);
        assertThat(cache.find("a")).isEmpty();
    }

    @Test
    void itsMemoryIsBoundedByPlacesNotByAnswers() {
        List<Shown> places = Collections.nCopies(999, new Shown("item", 0, 1));
        for (int i = 0; i < 3_000; i++) {
            String id = "r-" + i;
            cache.first(id, () -> new Answer(id, id, "control", true, null, places, true));
        }
        assertThat(cache.size()).isBetween(1L, AnswerCache.MAX_PLACES / 1_000L);
    }
}
