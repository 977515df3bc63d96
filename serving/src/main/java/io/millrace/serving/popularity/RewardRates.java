package io.millrace.serving.popularity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Smoothed reward rates by key: (sum of rewards + prior · {@value #STRENGTH}) / (count + {@value #STRENGTH}), where the
 * prior is the rate over all keys, so that a key is not judged by its first two rewards. Before the first outcome every
 * rate is 0.
 *
 * <p>One thread adds, any thread reads, without locks; readers may see keys at slightly different moments. Memory grows with
 * the number of distinct keys, some 100 bytes each.
 */
public final class RewardRates {
    /** How many imagined outcomes at the prior rate every key starts with. */
    public static final double STRENGTH = 20;

    private record Tally(long count, double sum) {
        static final Tally NONE = new Tally(0, 0);

        Tally plus(double reward) {
            return new Tally(count + 1, sum + reward);
        }

        Tally correct(double difference) {
            return new Tally(count, sum + difference);
        }
    }

    private final Map<Long, Tally> tallies = new ConcurrentHashMap<>();
    private volatile Tally all = Tally.NONE;

    void add(long key, double reward) {
        tallies.merge(key, Tally.NONE.plus(reward), (before, one) -> before.plus(reward));
        all = all.plus(reward);
    }

    /** Changes the reward of an outcome that was counted by so much; of a key that is not known, nothing. */
    void correct(long key, double difference) {
        if (tallies.computeIfPresent(key, (same, before) -> before.correct(difference)) != null) {
            all = all.correct(difference);
        }
    }

    /** How many outcomes were counted. */
    public long count() {
        return all.count();
    }

    /** The rate over all keys, which is also that of a key never seen. */
    public double prior() {
        Tally total = all;
        return total.count() == 0 ? 0 : total.sum() / total.count();
    }

    /** The rate of a key, given a prior that was read before: all rates of one decision share one. */
    public double rate(long key, double prior) {
        @Nullable Tally tally = tallies.get(key);
        return tally == null ? prior : (tally.sum() + prior * STRENGTH) / (tally.count() + STRENGTH);
    }
}
