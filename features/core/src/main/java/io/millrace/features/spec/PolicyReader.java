package io.millrace.features.spec;

import io.millrace.features.spec.PolicySpec.Explore;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.math.BigDecimal;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the section {@code policy}. */
final class PolicyReader {
    private static final String POPULARITY = "popularity";

    private final Section section;
    private final Section decisionSection;
    private final DecisionSpec decision;

    PolicyReader(Section section, Section decisionSection, DecisionSpec decision) {
        this.section = section;
        this.decisionSection = decisionSection;
        this.decision = decision;
    }

    PolicySpec read() {
        Explore explore = section.value(Settings.EXPLORE);
        double epsilon = epsilon(explore);
        double control = section.value(Settings.CONTROL);
        double popularity;
        String by = Settings.POPULARITY_BY.defaultValue();
        boolean sharesSound = section.isSound(Settings.CONTROL);
        Optional<Node> given = section.node(POPULARITY);
        if (given.isPresent() && !(given.get() instanceof MappingNode)) {
            Optional<Double> share = section.scalar(given.get(), "policy.popularity", Settings.POPULARITY.kind());
            popularity = share.orElse(0.0);
            sharesSound &= share.isPresent();
        } else {
            Section inner = section.section(POPULARITY);
            popularity = inner.value(Settings.POPULARITY);
            sharesSound &= inner.isSound(Settings.POPULARITY);
            by = inner.value(Settings.POPULARITY_BY);
            inner.reportUnknown();
            checkBy(inner, by);
        }
        if (control + popularity > 1 && sharesSound) {
            String sum = BigDecimal.valueOf(control)
                    .add(BigDecimal.valueOf(popularity))
                    .toPlainString();
            section.report(
                    section.where(section.has("control") ? "control" : POPULARITY),
                    new Problem("policy.control + policy.popularity", sum, "at most 1"));
        }
        section.reportUnknown();
        return new PolicySpec(explore, epsilon, control, popularity, by);
    }

    private double epsilon(Explore explore) {
        double epsilon = section.value(Settings.EPSILON);
        if (explore != Explore.GREEDY) {
            return epsilon;
        }
        if (section.has("epsilon") && section.isSound(Settings.EPSILON) && epsilon > 0) {
            section.report(
                    section.where("epsilon"),
                    new Problem(
                            "policy.epsilon", Double.toString(epsilon), "absent or 0 where policy.explore is greedy"));
        }
        return 0;
    }

    private void checkBy(Section inner, String by) {
        boolean known = by.equals(DecisionSpec.ITEM)
                || decision.candidate().contains(new Feature(by, FeatureKind.CATEGORICAL))
                || decisionSection.isNoMapping("candidate");
        if (!known) {
            inner.report(
                    inner.where(Settings.POPULARITY_BY.key()),
                    new Problem("policy.popularity.by", by, "a categorical feature of decision.candidate, or item"));
        }
    }
}
