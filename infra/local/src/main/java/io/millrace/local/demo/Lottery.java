package io.millrace.local.demo;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Draws numbers 0 to n - 1 with probabilities proportional to fixed weights, among those not removed. A draw takes
 * O(log n); after removals, the expected number of tries is below two per eligible draw. Not thread-safe.
 */
final class Lottery {
    private static final int TRIES = 1000;

    private final long[] weights;
    private final long[] cumulative;
    private long removed;

    Lottery(long[] weights) {
        this.weights = weights.clone();
        this.cumulative = new long[weights.length];
        accumulate();
    }

    void remove(int number) {
        removed += weights[number];
        weights[number] = 0;
        if (removed * 2 > total()) {
            accumulate();
        }
    }

    /** A number that is eligible now, or -1 if none is. */
    int draw(SplittableRandom random, IntPredicate eligible) {
        for (int i = 0; i < TRIES && total() > 0; i++) {
            int number = number(random.nextLong(total()));
            if (weights[number] > 0 && eligible.test(number)) {
                return number;
            }
        }
        return drawRare(random, eligible);
    }

    /** The same by going through all, for when hardly any is eligible. */
    private int drawRare(SplittableRandom random, IntPredicate eligible) {
        long sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += eligible.test(i) ? weights[i] : 0;
        }
        if (sum == 0) {
            return -1;
        }
        long rest = random.nextLong(sum);
        int i = 0;
        while (true) {
            rest -= eligible.test(i) ? weights[i] : 0;
            if (rest < 0) {
                return i;
            }
            i++;
        }
    }

    private int number(long ticket) {
        int at = Arrays.binarySearch(cumulative, ticket);
        int number = at < 0 ? -at - 1 : at + 1;
        while (cumulative[number] == ticket) {
            number++;
        }
        return number;
    }

    private long total() {
        return cumulative.length == 0 ? 0 : cumulative[cumulative.length - 1];
    }

    private void accumulate() {
        long sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            cumulative[i] = sum;
        }
        removed = 0;
    }
}
