package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Schemas;
import java.util.List;

/** The join's state as bytes, and the feedback within it: written as this release does, read as any did. */
final class JoinStates {
    /** Schemas of earlier releases, beside this class; checkpoints hold what was written with them. */
    private static final List<String> EARLIER = List.of("JoinState-0.1.avsc");

    private static final List<String> EARLIER_FEEDBACK = List.of("Feedback-0.1.avsc");

    private JoinStates() {}

    static Codec<Feedback> feedback() {
        return Codec.of(Feedback.class, Schemas.withEarlier(JoinStates.class, EARLIER_FEEDBACK));
    }

    static Codec<JoinState> codec() {
        return Codec.of(JoinState.class, Schemas.withEarlier(JoinStates.class, EARLIER));
    }
}
