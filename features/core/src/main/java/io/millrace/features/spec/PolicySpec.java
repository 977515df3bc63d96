package io.millrace.features.spec;

import java.io.Serializable;

/**
 * How candidates are chosen.
 *
 * @param explore how the learned arm explores
 * @param epsilon probability that the learned arm shows a uniformly random slate; 0 for greedy
 * @param control share of decisions made uniformly at random
 * @param popularity share of decisions ranked by the smoothed reward rate of {@code popularityBy}
 * @param popularityBy a categorical feature of the candidate, or {@code item} for the item's id
 */
public record PolicySpec(Explore explore, double epsilon, double control, double popularity, String popularityBy)
        implements Serializable {
    /** How the learned arm explores. */
    public enum Explore {
        GREEDY("greedy"),
        EPSILON_GREEDY("epsilon_greedy");

        private final String text;

        Explore(String text) {
            this.text = text;
        }

        /** The name used in specs. */
        public String text() {
            return text;
        }
    }

    /** The share of decisions that the learned arm makes. */
    public double learned() {
        return 1 - (control + popularity);
    }
}
