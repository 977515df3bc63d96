package io.millrace.features.spec;

import io.millrace.wire.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the section {@code snapshot}. */
final class SnapshotReader {
    private static final String GUARD = "guard";
    private static final String OFF = "off";

    private SnapshotReader() {}

    static SnapshotSpec read(Section section) {
        SnapshotSpec snapshot =
                new SnapshotSpec(section.value(Settings.EVERY), section.value(Settings.BASE), guard(section));
        section.reportUnknown();
        return snapshot;
    }

    private static @Nullable GuardSpec guard(Section section) {
        Optional<Node> given = section.node(GUARD);
        if (given.isPresent() && !(given.get() instanceof MappingNode)) {
            if (!(given.get() instanceof ScalarNode scalar && scalar.getValue().equals(OFF))) {
                section.report(
                        given.get(),
                        new Problem(section.at(GUARD), Section.show(given.get()), "off, or a mapping of settings"));
            }
            return null;
        }
        Section inner = section.section(GUARD);
        GuardSpec guard =
                new GuardSpec(inner.value(Settings.GUARD_MARGIN), Math.toIntExact(inner.value(Settings.GUARD_WINDOW)));
        inner.reportUnknown();
        return guard;
    }
}
