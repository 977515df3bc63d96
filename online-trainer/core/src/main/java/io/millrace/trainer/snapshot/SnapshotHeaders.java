package io.millrace.trainer.snapshot;

import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import java.util.List;

/** What stands before a shard's rows, as bytes: written as this release does, read as any did. */
public final class SnapshotHeaders {
    /** Schemas of earlier releases, beside this class; base files and checkpoints hold what was written with them. */
    private static final List<String> EARLIER = List.of("SnapshotHeader-0.1.avsc");

    private SnapshotHeaders() {}

    public static Codec<SnapshotHeader> codec() {
        return Codec.of(SnapshotHeader.class, Schemas.withEarlier(SnapshotHeaders.class, EARLIER));
    }
}
