package io.millrace.trainer.audit;

/**
 * What clients were told is kept, beside what is there. First the acknowledged ids, then the log's. Takes 32 to 40 bytes an
 * acknowledged id, and nothing for others.
 */
public final class FeedbackLedger {
    private static final int COUNT_BITS = 21;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final int SEEN = COUNT_BITS;
    private static final int EFFECTS = 2 * COUNT_BITS;

    private final KeyTable counts = new KeyTable();

    /**
     * What is not as it should be.
     *
     * @param acknowledged different ids
     * @param lost of these, not in the log
     * @param duplicated of these, more often in the log than they were posted
     * @param effectTwice of these, with more than one outcome
     */
    public record Totals(long acknowledged, long lost, long duplicated, long effectTwice) {
        public boolean isEqual() {
            return lost == 0 && duplicated == 0 && effectTwice == 0;
        }
    }

    /** An id that was acknowledged, and how often it was posted; posts of one id add up. */
    public void acknowledge(String id, long posts) {
        add(id, 0, posts, true);
    }

    /** An id in the log of feedback. */
    public void logged(String id) {
        add(id, SEEN, 1, false);
    }

    /** An id among the outcomes: it had an effect. */
    public void effective(String id) {
        add(id, EFFECTS, 1, false);
    }

    private void add(String id, int shift, long more, boolean anew) {
        boolean known = counts.find(id, 0);
        if (known || anew) {
            long packed = known ? counts.value() : 0;
            long count = Math.min(COUNT_MASK, (packed >>> shift & COUNT_MASK) + Math.min(COUNT_MASK, more));
            counts.put(packed & ~(COUNT_MASK << shift) | count << shift);
        }
    }

    public boolean isLost(String id) {
        return counts.find(id, 0) && isLost(counts.value());
    }

    public boolean isDuplicated(String id) {
        return counts.find(id, 0) && isDuplicated(counts.value());
    }

    public boolean isEffectTwice(String id) {
        return counts.find(id, 0) && isEffectTwice(counts.value());
    }

    private static boolean isLost(long packed) {
        return (packed >>> SEEN & COUNT_MASK) == 0;
    }

    private static boolean isDuplicated(long packed) {
        return (packed >>> SEEN & COUNT_MASK) > (packed & COUNT_MASK);
    }

    private static boolean isEffectTwice(long packed) {
        return (packed >>> EFFECTS & COUNT_MASK) > 1;
    }

    public Totals totals() {
        long[] sums = new long[3];
        counts.forEach(packed -> {
            sums[0] += isLost(packed) ? 1 : 0;
            sums[1] += isDuplicated(packed) ? 1 : 0;
            sums[2] += isEffectTwice(packed) ? 1 : 0;
        });
        return new Totals(counts.size(), sums[0], sums[1], sums[2]);
    }
}
