package io.millrace.local.demo;

import java.util.Arrays;

/**
 * A request with what its candidates are worth, in the candidates' order.
 *
 * @param rewards the reward that each earns if it is shown
 * @param expected the expectation of that reward
 * @param knownMicros when its reward is known, event time
 */
@SuppressWarnings("ArrayRecordComponent")
record Offer(Request request, double[] rewards, double[] expected, long[] knownMicros) {
    int candidate(String item) {
        for (int i = 0; i < rewards.length; i++) {
            if (request.item(i).equals(item)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "item: " + item + " (expected: one of the candidates of request " + request.id() + ")");
    }

    /** The mean of the expected rewards of all candidates. */
    double mean() {
        return Arrays.stream(expected).average().orElseThrow();
    }

    /** The mean of the highest expected rewards. */
    double best(int slots) {
        double[] sorted = expected.clone();
        Arrays.sort(sorted);
        return Arrays.stream(sorted, sorted.length - slots, sorted.length)
                .average()
                .orElseThrow();
    }
}
