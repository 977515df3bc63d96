package io.millrace.trainer.snapshot;

/** Which base snapshot: there is one content for a name, ever. */
public record BaseName(String model, String lineage, int shard, long offset) {
    public BaseName {
        if (shard < 0) {
            throw new IllegalArgumentException("shard: " + shard + " (expected: at least 0)");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: at least 0)");
        }
    }
}
