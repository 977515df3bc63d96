package io.millrace.serving.rank;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The first answer to each of the callers' own request ids, so that a retry is not a second decision. Answers are kept for
 * {@link #KEPT} and as long as there is room for {@value #MAX_PLACES} places of slates.
 *
 * <p>Safe for use by several threads: of several requests with one id at the same moment, one decides and all get its
 * answer.
 */
final class AnswerCache {
    static final Duration KEPT = Duration.ofMinutes(10);
    static final int MAX_PLACES = 1_000_000;

    private final Cache<String, Answer> answers;

    AnswerCache(Ticker ticker) {
        this.answers = Caffeine.newBuilder()
                .expireAfterWrite(KEPT)
                .maximumWeight(MAX_PLACES)
                .weigher((String id, Answer answer) -> 1 + answer.slate().size())
                .ticker(ticker)
                .build();
    }

    Optional<Answer> find(String requestId) {
        return Optional.ofNullable(answers.getIfPresent(requestId));
    }

    /** The answer that was given first; {@code decide} is asked only where there is none. */
    Answer first(String requestId, Supplier<Answer> decide) {
        return answers.get(requestId, id -> decide.get());
    }

    long size() {
        answers.cleanUp();
        return answers.estimatedSize();
    }
}
