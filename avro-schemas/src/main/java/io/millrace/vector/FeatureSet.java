package io.millrace.vector;

import io.millrace.wire.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.SchemaNormalization;

/**
 * The named, versioned list that feature vectors are positional against: first what all candidates of a decision share
 * (subject and context), then what each candidate has of its own.
 *
 * <p>Two sets with the same names, kinds and order have the same version, whatever they are called.
 */
public final class FeatureSet {
    private static final String SHARED = "shared";
    private static final String CANDIDATE = "candidate";

    private final String name;
    private final List<Feature> features;
    private final int shared;
    private final long version;

    public FeatureSet(String name, List<Feature> shared, List<Feature> candidate) {
        List<Feature> all = new ArrayList<>(shared);
        all.addAll(candidate);
        Set<String> names = new HashSet<>();
        for (Feature feature : all) {
            if (!names.add(feature.name())) {
                throw new IllegalArgumentException("feature " + feature.name() + ": declared twice (expected: once)");
            }
        }
        this.name = name;
        this.features = List.copyOf(all);
        this.shared = shared.size();
        this.version = fingerprint(features, this.shared);
    }

    public String name() {
        return name;
    }

    /** CRC-64-AVRO of the names, kinds and order. */
    public long version() {
        return version;
    }

    /** All features: the shared ones, then the candidate's. */
    public List<Feature> features() {
        return features;
    }

    /** How many of the features, from the first, are shared. */
    public int shared() {
        return shared;
    }

    public int size() {
        return features.size();
    }

    /** The position of a feature, or -1. */
    public int indexOf(String feature) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(feature)) {
                return i;
            }
        }
        return -1;
    }

    /** The names, kinds and order, a line each: {@code shared categorical user}. */
    public String text() {
        return text(features, shared);
    }

    /**
     * The set that a text describes.
     *
     * @throws IllegalArgumentException if a line is none of a feature
     */
    public static FeatureSet parse(String name, String text) {
        List<Feature> shared = new ArrayList<>();
        List<Feature> candidate = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] parts = line.split(" ", 3);
            Optional<FeatureKind> kind = parts.length == 3 ? FeatureKind.of(parts[1]) : Optional.empty();
            if (kind.isEmpty() || !parts[0].equals(SHARED) && !parts[0].equals(CANDIDATE)) {
                throw new IllegalArgumentException(
                        new Problem("feature set " + name, line, "shared or candidate, a kind, a name").toString());
            }
            (parts[0].equals(SHARED) ? shared : candidate).add(new Feature(parts[2], kind.get()));
        }
        return new FeatureSet(name, shared, candidate);
    }

    private static long fingerprint(List<Feature> features, int shared) {
        return SchemaNormalization.fingerprint64(text(features, shared).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(List<Feature> features, int shared) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            text.append(i < shared ? SHARED : CANDIDATE)
                    .append(' ')
                    .append(feature.kind().text())
                    .append(' ')
                    .append(feature.name())
                    .append('\n');
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return name + "@" + Long.toHexString(version) + features;
    }
}
