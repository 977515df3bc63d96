package io.millrace.serving.policy;

import io.millrace.features.spec.PolicySpec;
import io.millrace.serving.policy.Choice.Place;
import io.millrace.serving.policy.Draws.Purpose;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses k of n candidates and says with which probability each was chosen.
 *
 * <p>One draw picks the arm. <b>control</b> shows the first k of a uniformly random order of all candidates.
 * <b>popularity</b> shows the k with the highest rate. <b>learned</b> shows, with probability epsilon, such a random order
 * of its own, else the k with the highest score. Equal rates and equal scores are broken uniformly at random by a draw of
 * their own, and that is part of the propensity. With arms a of shares s_a, item i at position p,
 *
 * <pre>
 * P(i at p)            = Σ_a s_a · P(i at p | a)
 * P(i at p | control)    = 1/n
 * P(i at p | popularity) = T_rates(i, p)
 * P(i at p | learned)    = ε/n + (1 - ε) · T_scores(i, p)
 * </pre>
 *
 * where T(i, p) is 1 / (b - a) if the group of items equal to i takes the positions [a, b) and p is one of them, else 0.
 * These are marginal probabilities of one place, not of the whole slate. Over all candidates they add up to 1 for every
 * position.
 *
 * <p>Immutable.
 */
public final class Policy {
    private final PolicySpec spec;
    private final double epsilon;
    private final String text;

    public Policy(PolicySpec spec) {
        this.spec = spec;
        this.epsilon = switch (spec.explore()) {
            case GREEDY -> 0;
            case EPSILON_GREEDY -> spec.epsilon();
        };
        this.text = spec.explore().text() + "(epsilon=" + epsilon + "), control=" + spec.control() + ", popularity="
                + spec.popularity() + " by " + spec.popularityBy();
    }

    /**
     * Decides.
     *
     * @param scores what the model predicts for each candidate; all equal where there is no model
     * @param rates the reward rate of each candidate
     * @param slots how many to show, 1 on; where there are fewer candidates, all of them
     */
    public Choice choose(String decisionId, float[] scores, float[] rates, int slots, Draws draws) {
        int n = scores.length;
        int k = Math.min(slots, n);
        Ranking learned = new Ranking(scores);
        Ranking popular = new Ranking(rates);
        Arm arm = arm(draws.uniform(decisionId, Purpose.ARM));
        boolean explored = switch (arm) {
            case LEARNED -> draws.uniform(decisionId, Purpose.EXPLORE) < epsilon;
            case CONTROL -> true;
            case POPULARITY -> false;
        };
        int[] order = switch (arm) {
            case LEARNED ->
                explored
                        ? shuffled(n, k, draws.stream(decisionId, Purpose.EXPLORE_ORDER))
                        : learned.top(k, draws.stream(decisionId, Purpose.LEARNED_TIES));
            case CONTROL -> shuffled(n, k, draws.stream(decisionId, Purpose.CONTROL_ORDER));
            case POPULARITY -> popular.top(k, draws.stream(decisionId, Purpose.POPULARITY_TIES));
        };
        List<Place> slate = new ArrayList<>(k);
        for (int position = 0; position < k; position++) {
            slate.add(place(order[position], position, n, arm, learned, popular));
        }
        return new Choice(arm, explored, slate);
    }

    /** The share of decisions of each arm. */
    public Map<Arm, Double> shares() {
        Map<Arm, Double> shares = new EnumMap<>(Arm.class);
        shares.put(Arm.LEARNED, spec.learned());
        shares.put(Arm.CONTROL, spec.control());
        shares.put(Arm.POPULARITY, spec.popularity());
        return new TreeMap<>(shares);
    }

    /** Name and settings, as they stand in decisions. */
    public String text() {
        return text;
    }

    private Place place(int item, int position, int n, Arm arm, Ranking learned, Ranking popular) {
        double uniform = 1.0 / n;
        double byLearned = epsilon * uniform + (1 - epsilon) * learned.probability(item, position);
        double byPopularity = popular.probability(item, position);
        double given = switch (arm) {
            case LEARNED -> byLearned;
            case CONTROL -> uniform;
            case POPULARITY -> byPopularity;
        };
        double overall = spec.learned() * byLearned + spec.control() * uniform + spec.popularity() * byPopularity;
        return new Place(item, Math.min(1, overall), given);
    }

    private Arm arm(double draw) {
        if (draw < spec.control()) {
            return Arm.CONTROL;
        }
        return draw < spec.control() + spec.popularity() ? Arm.POPULARITY : Arm.LEARNED;
    }

    /** The first k of a uniformly random order of n: a Fisher-Yates shuffle that stops early. */
    private static int[] shuffled(int n, int k, RandomStream random) {
        int[] items = new int[n];
        for (int i = 0; i < n; i++) {
            items[i] = i;
        }
        int[] first = new int[k];
        for (int i = 0; i < k; i++) {
            int pick = i + random.nextInt(n - i);
            first[i] = items[pick];
            items[pick] = items[i];
        }
        return first;
    }
}
