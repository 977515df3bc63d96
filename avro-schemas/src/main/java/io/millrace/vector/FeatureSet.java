package io.millrace.vector;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.SchemaNormalization;

/**
 * The named, versioned list that feature vectors are positional against: first what all candidates of a decision share
 * (subject and context), then what each candidate has of its own.
 *
 * <p>Two sets with the same names, kinds and order have the same version, whatever they are called.
 */
public final class FeatureSet {
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

    private static long fingerprint(List<Feature> features, int shared) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            text.append(i < shared ? "shared " : "candidate ")
                    .append(feature.kind().text())
                    .append(' ')
                    .append(feature.name())
                    .append('\n');
        }
        return SchemaNormalization.fingerprint64(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return name + "@" + Long.toHexString(version) + features;
    }
}
