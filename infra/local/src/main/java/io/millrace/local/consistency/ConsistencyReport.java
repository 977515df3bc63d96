package io.millrace.local.consistency;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What was found.
 *
 * @param decisions how many were looked at
 * @param offered how many they were chosen from
 * @param passedOver how many of the log had another feature set, or no position
 * @param features in the spec's order
 */
public record ConsistencyReport(
        String pipeline, long decisions, long offered, long passedOver, List<OfFeature> features, double seconds) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public ConsistencyReport {
        features = List.copyOf(features);
    }

    /** Whether nothing differs. */
    public boolean isEqual() {
        return differ() == 0;
    }

    public long compared() {
        return features.stream().mapToLong(OfFeature::compared).sum();
    }

    public long differ() {
        return features.stream().mapToLong(OfFeature::differ).sum();
    }

    /** How many of those compared could be computed from events and outcomes; the others only from {@code feature-values}. */
    public long fromLog() {
        return features.stream().mapToLong(OfFeature::fromLog).sum();
    }

    private String conclusion() {
        if (!isEqual()) {
            return "NOT consistent: what was logged is not what the log gives.";
        }
        if (compared() == 0) {
            return "Nothing could be compared.";
        }
        if (fromLog() == 0) {
            return "What was logged is what feature-values said. Whether that is right is not known:"
                    + " nothing could be computed from events and outcomes.";
        }
        long others = compared() - fromLog();
        return "Consistent: what was logged is what the log gives"
                + (others == 0 ? "." : String.format(Locale.ROOT, "; %,d values by feature-values only.", others));
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT, "%s: %,d of %,d decisions with streaming features", pipeline, decisions, offered));
        out.append(passedOver == 0 ? "\n" : String.format(Locale.ROOT, ", %,d others passed over%n", passedOver));
        int width =
                features.stream().mapToInt(one -> one.feature().length()).max().orElse(0);
        for (OfFeature one : features) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-" + Math.max(1, width) + "s  %,d compared, %,d of them with events and outcomes; %s",
                    one.feature(),
                    one.compared(),
                    one.fromLog(),
                    one.differ() == 0 ? "none differs" : differing(one)));
            out.append(
                    one.unknown() == 0
                            ? "\n"
                            : String.format(Locale.ROOT, "; of %,d nothing is known%n", one.unknown()));
            if (one.first() != null) {
                out.append("    first: ").append(one.first()).append('\n');
            }
        }
        out.append(String.format(Locale.ROOT, "%n%s (%.1f s)%n", conclusion(), seconds));
        return out.toString();
    }

    private static String differing(OfFeature one) {
        return String.format(
                Locale.ROOT,
                "DIFFER %,d (%.3g %%), at most by %.6g (%.3g %%), in the mean of all by %.6g; %,d by the job, %,d by serving",
                one.differ(),
                one.share() * 100,
                one.largestAbsolute(),
                one.largestRelative() * 100,
                one.meanAbsolute(),
                one.differByJob(),
                one.differ() - one.differByJob());
    }

    /** For programs. */
    public String json() {
        ObjectNode root = JSON.createObjectNode()
                .put("pipeline", pipeline)
                .put("consistent", isEqual())
                .put("decisions", decisions)
                .put("offered", offered)
                .put("passed_over", passedOver)
                .put("compared", compared())
                .put("from_log", fromLog())
                .put("differ", differ())
                .put("seconds", seconds);
        ArrayNode array = root.putArray("features");
        for (OfFeature one : features) {
            array.addObject()
                    .put("feature", one.feature())
                    .put("compared", one.compared())
                    .put("from_log", one.fromLog())
                    .put("differ", one.differ())
                    .put("differ_by_job", one.differByJob())
                    .put("share", one.share())
                    .put("unknown", one.unknown())
                    .put("largest_absolute", one.largestAbsolute())
                    .put("mean_absolute", one.meanAbsolute())
                    .put("largest_relative", one.largestRelative())
                    .put("mean_relative", one.meanRelative())
                    .put("first", one.first());
        }
        return root.toPrettyString() + "\n";
    }
}
