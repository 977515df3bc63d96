package io.millrace.serving.policy;

import java.util.List;

/**
 * What a policy chose.
 *
 * @param arm who decided
 * @param explored whether the arm explored: always for control, never for popularity
 * @param slate what is shown, best first
 */
public record Choice(Arm arm, boolean explored, List<Place> slate) {
    /**
     * One place of a slate.
     *
     * @param candidate the candidate's number, from 0
     * @param propensity probability that this candidate stands in this place, over every draw of the decision
     * @param armPropensity the same given the arm that decided
     */
    public record Place(int candidate, double propensity, double armPropensity) {}

    public Choice {
        slate = List.copyOf(slate);
    }
}
