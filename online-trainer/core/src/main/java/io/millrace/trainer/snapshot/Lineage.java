package io.millrace.trainer.snapshot;

import io.millrace.features.spec.Drift;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.Take;
import io.millrace.record.ExcludedRange;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureSet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The identity of everything that determines what is learned: two trainers of one lineage have bit-equal weights at equal
 * offsets. How decisions are made and how often snapshots are shown is no part of it.
 */
public final class Lineage {
    private static final int HEX_DIGITS = 32;

    private Lineage() {}

    /**
     * The first 32 hex digits of SHA-256 over the canonical spec and where the examples lie.
     *
     * @param topicId the id that Kafka gave the topic {@code examples}
     * @param partitions its fixed number of partitions
     * @param root what the lineage started from, if not from nothing
     */
    public static String of(PipelineSpec spec, String topicId, int partitions, @Nullable String root) {
        return of(spec, topicId, partitions, root, Exclusions.NONE, List.of(), Erasures.NONE);
    }

    /**
     * The same of a lineage that passes over a part of the log, or subjects, or learns from examples of older feature sets, too.
     *
     * @param older in any order
     * @param erased from the log's beginning on; who is erased in the log is no part of it
     */
    public static String of(
            PipelineSpec spec,
            String topicId,
            int partitions,
            @Nullable String root,
            Exclusions without,
            List<FeatureSet> older,
            Erasures erased) {
        StringBuilder out = new StringBuilder(canonicalSpec(spec));
        line(out, "topic", quote(topicId));
        line(out, "partitions", Integer.toString(partitions));
        if (root != null) {
            line(out, "root", quote(root));
        }
        for (ExcludedRange range : without.ranges()) {
            line(out, "without", range.getShard() + " " + range.getFrom() + " " + range.getTo());
        }
        older.stream()
                .map(set -> Long.toHexString(set.version()))
                .distinct()
                .sorted()
                .forEach(version -> line(out, "reads", version));
        erased.times().forEach((subject, time) -> line(out, "erased", Long.toHexString(subject) + " " + time));
        return HexFormat.of().formatHex(sha256(out.toString())).substring(0, HEX_DIGITS);
    }

    /**
     * What determines learning, a line a fact, sorted where order does not count: features, crosses, model, and what makes
     * a label.
     */
    public static String canonicalSpec(PipelineSpec spec) {
        StringBuilder out = new StringBuilder("millrace-spec 1\n");
        FeatureSet set = spec.featureSet();
        line(out, "features", quote(set.name()));
        for (int i = 0; i < set.size(); i++) {
            Feature feature = set.features().get(i);
            line(
                    out,
                    i < set.shared() ? "shared" : "candidate",
                    quote(feature.name()) + " " + feature.kind().text());
        }
        spec.aggregates()
                .forEach(aggregate ->
                        line(out, "aggregate", quote(aggregate.name()) + " " + quote(aggregate.meaning())));
        spec.crosses().forEach(cross -> line(out, "cross", quote(cross)));
        new TreeMap<>(spec.bins()).forEach((feature, bins) -> line(out, "bins", quote(feature) + " " + bins));
        line(out, "reward.window", spec.feedback().window().toString());
        line(out, "reward.late", spec.feedback().late().toString());
        new TreeMap<>(spec.feedback().reward())
                .forEach((kind, reward) -> line(out, "reward.of", quote(kind) + " " + reward));
        new TreeSet<>(spec.feedback().finalKinds()).forEach(kind -> line(out, "reward.final", quote(kind)));
        labels(spec.feedback().labels(), out);
        if (spec.feedback().sample().negatives() < 1) {
            line(
                    out,
                    "reward.sample",
                    spec.feedback().sample().negatives() + " "
                            + spec.feedback().sample().seed());
        }
        if (spec.feedback().match() != FeedbackSpec.Match.DECISION) {
            line(out, "reward.match", spec.feedback().match().text());
        }
        line(out, "learner", quote(spec.model().learner().text()));
        line(out, "loss", spec.model().loss().text());
        line(out, "bits", Integer.toString(spec.model().bits()));
        line(out, "seed", Long.toString(spec.model().seed()));
        if (spec.model().offset() != null) {
            line(out, "offset", quote(spec.model().offset()));
        }
        if (spec.model().ids().exact()) {
            line(out, "ids", spec.model().ids().toString());
        }
        if (spec.model().drift() != Drift.IGNORE) {
            line(out, "drift", spec.model().drift().text());
        }
        new TreeMap<>(spec.model().settings())
                .forEach((name, value) -> line(out, "setting", quote(name) + " " + value));
        return out.toString();
    }

    private static void labels(LabelSpec labels, StringBuilder out) {
        new TreeMap<>(labels.take()).forEach((kind, take) -> line(out, "reward.take", quote(kind) + " " + take.text()));
        if (labels.combine() != Take.SUM) {
            line(out, "reward.combine", labels.combine().text());
        }
        labels.exposure().ifPresent(kind -> line(out, "reward.exposure", quote(kind)));
        if (labels.timing() != LabelTiming.WINDOW) {
            line(out, "reward.labels", labels.timing().text());
        }
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name).append(' ').append(value).append('\n');
    }

    private static String quote(List<String> texts) {
        return texts.stream().map(Lineage::quote).collect(Collectors.joining(" "));
    }

    /** No text can end its quotes or its line. */
    private static String quote(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every Java platform)", e);
        }
    }
}
