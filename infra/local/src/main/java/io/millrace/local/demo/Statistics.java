package io.millrace.local.demo;

import io.millrace.serving.policy.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What the arms earned. Keeps some hundred bytes a decision, so that anything can be asked of any part of the run.
 *
 * <p>Rewards are counted when a slate is shown, by what the audience knows it will earn, not when the feedback arrives.
 * Decisions count in the order of their numbers, whatever the order in which they were added. Safe for use by several
 * threads.
 */
public final class Statistics {
    private final TreeMap<Long, Shown> decisions = new TreeMap<>();

    private record Shown(Arm arm, int items, double reward, double expected, double offered, double best) {
        double perOffered() {
            return items * offered;
        }
    }

    /** What one arm earned: mean reward per shown item. */
    public record ArmReward(long decisions, long shown, Estimate reward) {}

    /**
     * One part of a run.
     *
     * @param learned mean reward of an item that the learned arm showed
     * @param offered exact mean of what was offered to it
     * @param control mean reward of an item that the control arm showed
     * @param regret mean of what the learned arm missed, per item: the best slate's expected reward less the shown one's
     * @param uniformRegret the same for a uniform draw from the same offers, exact
     */
    public record Part(double learned, double offered, double control, double regret, double uniformRegret) {
        /** Learned over offered. */
        public double lift() {
            return learned / offered;
        }
    }

    /**
     * Adds a decision; one that showed nothing is left out.
     *
     * @throws IllegalArgumentException if one with its number was added before
     */
    public synchronized void add(Arm arm, Exposure exposure) {
        if (exposure.shown() == 0) {
            return;
        }
        Shown shown = new Shown(
                arm, exposure.shown(), exposure.reward(), exposure.expected(), exposure.offered(), exposure.best());
        if (decisions.putIfAbsent(exposure.number(), shown) != null) {
            throw new IllegalArgumentException(
                    "decision " + exposure.number() + ": added before (expected: a new one)");
        }
    }

    public synchronized long decisions() {
        return decisions.size();
    }

    public synchronized ArmReward arm(Arm arm) {
        Estimate.Ratio ratio = new Estimate.Ratio();
        long count = 0;
        long shown = 0;
        for (Shown decision : decisions.values()) {
            if (decision.arm == arm) {
                ratio.add(decision.reward, decision.items);
                count++;
                shown += decision.items;
            }
        }
        return new ArmReward(count, shown, ratio.estimate());
    }

    /**
     * What the learned arm earned over what a uniform draw from the same offers would have earned, exactly: the ratio of
     * the two sums over its decisions. No control arm's luck is in it.
     */
    public synchronized Estimate lift() {
        return lift(List.copyOf(decisions.values()));
    }

    /** The same of the later half of all decisions. */
    public synchronized Estimate secondHalfLift() {
        List<Shown> all = List.copyOf(decisions.values());
        return lift(all.subList(all.size() / 2, all.size()));
    }

    /**
     * The learned arm's mean reward over the popularity arm's. The arms' decisions are disjoint, so the interval takes the
     * two means for independent.
     */
    public synchronized Estimate liftOverPopularity() {
        return arm(Arm.LEARNED).reward().over(arm(Arm.POPULARITY).reward());
    }

    /** The run in equal parts, from first to last; a part without decisions of an arm has NaN there. */
    public synchronized List<Part> parts(int count) {
        List<Shown> all = List.copyOf(decisions.values());
        List<Part> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) all.size() * i / count);
            int to = (int) ((long) all.size() * (i + 1) / count);
            List<Shown> part = all.subList(from, to);
            Predicate<Shown> learned = shown -> shown.arm == Arm.LEARNED;
            parts.add(new Part(
                    ratio(part, learned, shown -> shown.reward, shown -> shown.items),
                    ratio(part, learned, Shown::perOffered, shown -> shown.items),
                    ratio(part, shown -> shown.arm == Arm.CONTROL, shown -> shown.reward, shown -> shown.items),
                    ratio(part, learned, shown -> (shown.best - shown.expected) * shown.items, shown -> shown.items),
                    ratio(part, learned, shown -> (shown.best - shown.offered) * shown.items, shown -> shown.items)));
        }
        return parts;
    }

    private static Estimate lift(List<Shown> decisions) {
        Estimate.Ratio ratio = new Estimate.Ratio();
        for (Shown decision : decisions) {
            if (decision.arm == Arm.LEARNED) {
                ratio.add(decision.reward, decision.perOffered());
            }
        }
        return ratio.estimate();
    }

    private static double ratio(
            List<Shown> decisions, Predicate<Shown> which, ToDoubleFunction<Shown> x, ToDoubleFunction<Shown> y) {
        Estimate.Ratio ratio = new Estimate.Ratio();
        decisions.stream().filter(which).forEach(shown -> ratio.add(x.applyAsDouble(shown), y.applyAsDouble(shown)));
        return ratio.value();
    }
}
