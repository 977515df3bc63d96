package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;

/** The join's state as bytes: written as this release does, read as any did. */
final class JoinStates {
    /** Schemas of earlier releases, beside this class; checkpoints hold what was written with them. */
    private static final List<String> EARLIER = List.of("JoinState-0.1.avsc");

    private JoinStates() {}

    static Codec<JoinState> codec() {
        Schemas schemas = new Schemas();
        for (String name : EARLIER) {
            try (InputStream in = JoinStates.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException(name + ": missing (expected: on the class path)");
                }
                schemas.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Codec.of(JoinState.class, schemas);
    }
}
