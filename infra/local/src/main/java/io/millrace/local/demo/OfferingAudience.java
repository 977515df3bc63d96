package io.millrace.local.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all audiences share: the window of requests in flight, the check of slates, and the queue of reactions.
 *
 * <p>Slates are <em>settled</em> in the order of their requests, each exactly when the request {@link #IN_FLIGHT} after it
 * is made; that is what makes requests independent of the order in which answers arrive.
 */
abstract class OfferingAudience implements Audience {
    private static final Comparator<Reaction> AS_KNOWN = Comparator.comparingLong(Reaction::timeMicros)
            .thenComparingLong(Reaction::number)
            .thenComparingInt(Reaction::slot);

    private final String name;
    private final long seed;
    private final String reactionKind;
    private final Deque<Open> window = new ArrayDeque<>();
    private final PriorityQueue<Reaction> reactions = new PriorityQueue<>(AS_KNOWN);
    private long asked;
    private boolean ended;

    OfferingAudience(String name, long seed, String reactionKind) {
        this.name = name;
        this.seed = seed;
        this.reactionKind = reactionKind;
    }

    /** Makes request n with everything before {@code n - IN_FLIGHT} settled; null if there is nothing left to offer. */
    abstract @Nullable Offer offer(long number);

    /** Learns, in the order of requests, which candidates of an offer were shown. */
    void settle(Offer offer, List<Integer> shown) {}

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final long seed() {
        return seed;
    }

    @Override
    public final synchronized boolean ready() {
        return window.size() < IN_FLIGHT || window.getFirst().shown != null;
    }

    @Override
    public final synchronized Optional<Request> next() {
        if (!ready()) {
            throw new IllegalStateException("request " + asked + ": asked while request " + (asked - IN_FLIGHT)
                    + " has no slate (expected: at most " + IN_FLIGHT + " in flight)");
        }
        if (ended) {
            return Optional.empty();
        }
        if (window.size() == IN_FLIGHT) {
            Open oldest = window.removeFirst();
            settle(oldest.offer, oldest.slate());
        }
        Offer offer = offer(asked);
        if (offer == null) {
            ended = true;
            return Optional.empty();
        }
        asked++;
        window.addLast(new Open(offer));
        return Optional.of(offer.request());
    }

    @Override
    public final synchronized Exposure shown(long number, List<String> items) {
        Open open = open(number);
        Offer offer = open.offer;
        List<Integer> shown = candidates(offer, items);
        open.shown = shown;
        List<Double> rewards = new ArrayList<>(shown.size());
        double expected = 0;
        for (int slot = 0; slot < shown.size(); slot++) {
            int candidate = shown.get(slot);
            rewards.add(offer.rewards()[candidate]);
            expected += offer.expected()[candidate];
            reactions.add(reaction(offer, slot, candidate));
        }
        int count = shown.size();
        return new Exposure(
                number,
                rewards,
                count == 0 ? 0 : expected / count,
                offer.mean(),
                offer.best(count == 0 ? offer.request().slots() : count));
    }

    @Override
    public final synchronized List<Reaction> due(long timeMicros) {
        List<Reaction> due = new ArrayList<>();
        for (Reaction next = reactions.peek();
                next != null && next.timeMicros() <= timeMicros;
                next = reactions.peek()) {
            due.add(reactions.remove());
        }
        return due;
    }

    @Override
    public final synchronized int pending() {
        return reactions.size();
    }

    private Open open(long number) {
        for (Open open : window) {
            if (open.offer.request().number() == number && open.shown == null) {
                return open;
            }
        }
        throw new IllegalArgumentException("request number: " + number + " (expected: one without a slate)");
    }

    private static List<Integer> candidates(Offer offer, List<String> items) {
        Set<String> distinct = new HashSet<>(items);
        if (distinct.size() < items.size()) {
            throw new IllegalArgumentException("slate: " + items + " (expected: different items)");
        }
        return items.stream().map(offer::candidate).toList();
    }

    private Reaction reaction(Offer offer, int slot, int candidate) {
        Request request = offer.request();
        return new Reaction(
                request.number(),
                request.id() + "/" + slot,
                request.id(),
                slot,
                request.item(candidate),
                reactionKind,
                offer.rewards()[candidate],
                true,
                Math.max(offer.knownMicros()[candidate], request.timeMicros()));
    }

    private static final class Open {
        final Offer offer;

        @Nullable
        List<Integer> shown;

        Open(Offer offer) {
            this.offer = offer;
        }

        List<Integer> slate() {
            if (shown == null) {
                throw new AssertionError("settled before it was shown");
            }
            return shown;
        }
    }
}
