package io.millrace.local.demo;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Somebody who asks for decisions, is shown slates, reacts, and knows what every offered item would have earned.
 *
 * <p><b>Deterministic.</b> Request n depends only on the audience's data and seed and on the slates of the requests before
 * {@code n - IN_FLIGHT}; the slates of the last {@link #IN_FLIGHT} requests may therefore still be on their way, and may
 * come in any order. A slate's {@link Exposure} and reactions depend only on its request and its items. So a demo that
 * died is resumed by walking through the same requests again and giving {@link #shown} the slates that were logged; the
 * requests without one are asked again, and everything after is as if nothing had happened.
 *
 * <p>Safe for use by several threads.
 */
public interface Audience {
    /** How many requests may be without a slate, counted back from the newest. */
    int IN_FLIGHT = 64;

    /** The name that the command line uses. */
    String name();

    long seed();

    /** What a reward of 1 means, after "31 % of": {@code the movies it showed were liked}. */
    String rewarded();

    /**
     * Whether rewards are drawn with known probabilities, so that regret against the best choice means something; where
     * they are given, the best choice is known only in hindsight.
     */
    default boolean probabilistic() {
        return false;
    }

    /** An upper bound on the number of requests; {@link Long#MAX_VALUE} where there is none. */
    long limit();

    /** Whether {@link #next} may be called: the slate of request {@code n - IN_FLIGHT} is known. */
    boolean ready();

    /**
     * The next request, or empty if there is nothing left to offer.
     *
     * @throws IllegalStateException if not {@link #ready}
     */
    Optional<Request> next();

    /**
     * Tells what was shown.
     *
     * @param items ids of the shown candidates, slot by slot; empty if the request was given up
     * @throws IllegalArgumentException if the request is not open or an item was not offered or is shown twice
     */
    Exposure shown(long number, List<String> items);

    /**
     * Takes the reactions to shown slates that are known by the given event time, in the order in which they become
     * known; each is given once. {@link Long#MAX_VALUE} takes all.
     */
    List<Reaction> due(long timeMicros);

    /** How many reactions to shown slates were not taken yet. */
    int pending();

    /** The id of request n. */
    default String requestId(long number) {
        return "demo-" + name() + "-" + seed() + "-" + number;
    }

    /** Which request of this audience has the id, or empty if none of it has. */
    default OptionalLong numberOf(String requestId) {
        String prefix = requestId(0).substring(0, requestId(0).length() - 1);
        String rest = requestId.startsWith(prefix) ? requestId.substring(prefix.length()) : "";
        return rest.matches("0|[1-9][0-9]{0,17}") ? OptionalLong.of(Long.parseLong(rest)) : OptionalLong.empty();
    }
}
