package io.millrace.local.demo;

import java.util.List;

/**
 * What an audience knows about a slate that it was shown.
 *
 * @param number which request it answers to
 * @param rewards the reward that each shown item earns, slot by slot
 * @param expected the mean of the shown items' expected rewards; the mean of {@code rewards} where nothing is random
 * @param offered the expected reward of an item drawn uniformly from what was offered: exact, not sampled
 * @param best the mean expected reward per item of the best slate of this length
 */
public record Exposure(long number, List<Double> rewards, double expected, double offered, double best) {
    public Exposure {
        rewards = List.copyOf(rewards);
    }

    /** How many items were shown. */
    public int shown() {
        return rewards.size();
    }

    public double reward() {
        return rewards.stream().mapToDouble(Double::doubleValue).sum();
    }
}
