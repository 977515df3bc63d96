package io.millrace.features.consistency;

import java.util.List;

/**
 * An entity, by what names it.
 *
 * @param by the features
 * @param hashes the hash of the value of each
 */
public record EntityName(List<String> by, List<Long> hashes) {
    public EntityName {
        by = List.copyOf(by);
        hashes = List.copyOf(hashes);
    }
}
