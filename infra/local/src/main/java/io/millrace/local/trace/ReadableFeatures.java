package io.millrace.local.trace;

import io.millrace.record.Decision;
import io.millrace.record.Slot;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A decision's feature vectors in words. */
final class ReadableFeatures {
    private final FeatureSet set;
    private final List<FeatureVector> slots = new ArrayList<>();

    /** @throws MalformedVectorException if a slot's vector is none of the set */
    ReadableFeatures(FeatureSet set, Decision decision) {
        this.set = set;
        for (Slot slot : decision.getSlate()) {
            ByteBuffer whole = ByteBuffer.allocate(
                    decision.getShared().remaining() + slot.getFeatures().remaining());
            whole.put(decision.getShared().duplicate())
                    .put(slot.getFeatures().duplicate())
                    .flip();
            slots.add(new FeatureVector(set).unpack(whole));
        }
    }

    /** Everything that names are asked for. */
    Set<Long> hashes() {
        Set<Long> hashes = new LinkedHashSet<>();
        for (FeatureVector vector : slots) {
            for (int position = 0; position < set.size(); position++) {
                if (isNamed(vector.kind(position))) {
                    for (int i = vector.from(position); i < vector.to(position); i++) {
                        hashes.add(vector.hash(i));
                    }
                }
            }
        }
        return hashes;
    }

    /**
     * Each slot's features that are not missing, in the order of the set.
     *
     * @param names by hash; what has none is shown in hex
     */
    List<Map<String, String>> read(Map<Long, String> names) {
        List<Map<String, String>> all = new ArrayList<>();
        for (FeatureVector vector : slots) {
            Map<String, String> one = new LinkedHashMap<>();
            for (int position = 0; position < set.size(); position++) {
                if (vector.isPresent(position)) {
                    one.put(set.features().get(position).name(), text(vector, position, names));
                }
            }
            all.add(one);
        }
        return all;
    }

    private static String text(FeatureVector vector, int position, Map<Long, String> names) {
        FeatureKind kind = vector.kind(position);
        List<String> parts = new ArrayList<>();
        for (int i = vector.from(position); i < vector.to(position); i++) {
            String name = isNamed(kind) ? names.getOrDefault(vector.hash(i), Long.toHexString(vector.hash(i))) : "";
            String value = kind == FeatureKind.WEIGHTED_SET || !isNamed(kind) ? Float.toString(vector.value(i)) : "";
            parts.add(name + (name.isEmpty() || value.isEmpty() ? "" : ":") + value);
        }
        return String.join(" ", parts);
    }

    private static boolean isNamed(FeatureKind kind) {
        return kind != FeatureKind.NUMERIC && kind != FeatureKind.EMBEDDING;
    }
}
