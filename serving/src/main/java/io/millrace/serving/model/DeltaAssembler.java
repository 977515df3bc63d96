package io.millrace.serving.model;

import io.millrace.record.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers the parts of one delta at a time, in the order in which a trainer writes them. Parts of a delta whose writer died
 * before its last part are forgotten when another delta begins. Not thread-safe.
 */
final class DeltaAssembler {
    private final List<Delta> parts = new ArrayList<>();

    /** All parts, if this was the last one missing. */
    Optional<List<Delta>> add(Delta part) {
        if (!continues(part)) {
            parts.clear();
            if (part.getPart() != 0) {
                return Optional.empty();
            }
        }
        parts.add(part);
        if (parts.size() < part.getParts()) {
            return Optional.empty();
        }
        List<Delta> whole = List.copyOf(parts);
        parts.clear();
        return Optional.of(whole);
    }

    void clear() {
        parts.clear();
    }

    private boolean continues(Delta part) {
        if (parts.isEmpty() || part.getPart() != parts.size()) {
            return false;
        }
        Delta first = parts.get(0);
        return part.getParts() == first.getParts()
                && part.getFrom() == first.getFrom()
                && part.getTo() == first.getTo()
                && part.getShard() == first.getShard()
                && part.getLineage().equals(first.getLineage());
    }
}
