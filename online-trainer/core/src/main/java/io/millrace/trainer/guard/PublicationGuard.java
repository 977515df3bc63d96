package io.millrace.trainer.guard;

import io.millrace.features.spec.GuardSpec;
import io.millrace.trainer.state.GuardState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds versions back while a shard's progressive loss is bad: while the mean over the recent window stands above the worst of
 * the last {@value #REMEMBERED} good windows by more than the margin and by more than {@value #ERRORS} standard errors, or is
 * no number. Once it holds, the margin alone decides when it lets go.
 *
 * <p>The worst of many windows, and not the one before, since the loss of a healthy model is not steady: the base rate has a
 * rhythm, stretches are easier than others, and what follows an easy one is not bad for that. A window is remembered once the
 * one behind it is good, too, so that what begins to go bad does not become what is good. Decisions fall at every tenth of a
 * window, by counting examples: they are a function of the log, like the loss.
 *
 * <p>A constant factor of time an example, and a few hundred doubles. Not thread-safe.
 */
public final class PublicationGuard {
    /** Good windows that are remembered. */
    static final int REMEMBERED = 20;

    static final int ERRORS = 4;
    static final int BUCKETS = 10;

    private final GuardSpec spec;
    private final int perBucket;
    private final Deque<LossSums> whole = new ArrayDeque<>();
    private final Deque<Double> good = new ArrayDeque<>();
    private LossSums bucket = new LossSums();
    private int clean;
    private boolean held;

    public PublicationGuard(GuardSpec spec) {
        this.spec = spec;
        this.perBucket = Math.max(1, spec.window() / BUCKETS);
    }

    /** Takes note of the loss of the next example, predicted before it was learned. */
    public void add(double loss, double importance) {
        bucket.add(loss, importance);
        if (bucket.examples() == perBucket) {
            whole.addLast(bucket);
            bucket = new LossSums();
            clean++;
            if (whole.size() > BUCKETS) {
                whole.removeFirst();
            }
            decide();
        }
    }

    private void decide() {
        LossSums recent = recent();
        double mean = recent.mean();
        if (held) {
            if (whole.size() == BUCKETS && mean <= limit()) {
                held = false;
                clean = 0;
            }
        } else if (isBad(recent)) {
            held = true;
            // The newest window may be the beginning of what is bad.
            good.pollLast();
        } else if (clean >= BUCKETS) {
            good.addLast(mean);
            clean = 0;
            if (good.size() > REMEMBERED + 1) {
                good.removeFirst();
            }
        }
    }

    private boolean isBad(LossSums recent) {
        double mean = recent.mean();
        if (!Double.isFinite(mean)) {
            return true;
        }
        return whole.size() == BUCKETS && mean > limit() && mean - reference() > ERRORS * recent.error();
    }

    private LossSums recent() {
        LossSums sum = new LossSums();
        whole.forEach(sum::add);
        return sum;
    }

    /** Whether versions are held back now. */
    public boolean isHeld() {
        return held;
    }

    /** Mean loss of the recent window, as of the last decision. */
    public double loss() {
        return recent().mean();
    }

    /** The worst mean loss of the last good windows; infinite before there is any that counts. */
    public double reference() {
        Stream<Double> counting = held ? good.stream() : good.stream().limit(Math.max(0, good.size() - 1));
        return counting.max(Double::compare).orElse(Double.POSITIVE_INFINITY);
    }

    /** What the recent loss may be at most; the largest number before there is any reference. */
    public double limit() {
        return Math.min(Double.MAX_VALUE, reference() * (1 + spec.margin()));
    }

    public GuardSpec spec() {
        return spec;
    }

    /** Everything that it remembers, to go on from later; what was published is left to the caller. */
    public GuardState.Builder state() {
        List<LossSums> buckets = new ArrayList<>(whole);
        buckets.add(bucket);
        return GuardState.newBuilder()
                .setWindow(spec.window())
                .setHeld(held)
                .setClean(clean)
                .setBuckets(buckets.stream().map(LossSums::state).toList())
                .setGood(List.copyOf(good));
    }

    /**
     * Goes on from a state. One that was taken for another window begins its window anew: what was good, and whether versions
     * are held back, stays.
     */
    public void restore(GuardState state) {
        held = state.getHeld();
        good.addAll(state.getGood());
        if (state.getWindow() == spec.window()) {
            clean = state.getClean();
            state.getBuckets().stream().map(LossSums::of).forEach(whole::addLast);
            Optional.ofNullable(whole.pollLast()).ifPresent(last -> bucket = last);
        }
    }
}
