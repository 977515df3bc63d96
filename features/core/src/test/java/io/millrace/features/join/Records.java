package io.millrace.features.join;

import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Decisions and feedback for tests. */
final class Records {
    private Records() {}

    /** A decision that showed the items {@code i0}, {@code i1}, ... */
    static Decision decision(String id, String requestId, long timeMicros, int slots) {
        List<Slot> slate = IntStream.range(0, slots)
                .mapToObj(i -> slot("i" + i, (byte) (10 + i)))
                .toList();
        return decision(id, requestId, timeMicros, slate);
    }

    static Decision decision(String id, String requestId, long timeMicros, List<Slot> slate) {
        return Decision.newBuilder()
                .setId(id)
                .setRequestId(requestId)
                .setSubject("anna")
                .setTimeMicros(timeMicros)
                .setFeatureSet("movies")
                .setFeatureSetVersion(7)
                .setShared(ByteBuffer.wrap(new byte[] {1, 2}))
                .setArm("learned")
                .setExplored(false)
                .setSlate(slate)
                .setCandidates(20)
                .setPolicy("greedy")
                .setVariants(Map.of("ranking", "b"))
                .build();
    }

    static Slot slot(String item, byte feature) {
        return new Slot(item, ByteBuffer.wrap(new byte[] {feature}), 0.5f, 0.25, 0.75);
    }

    static Feedback feedback(String id, String kind, long timeMicros) {
        return Feedback.newBuilder()
                .setId(id)
                .setKind(kind)
                .setTimeMicros(timeMicros)
                .build();
    }

    static Feedback on(Feedback feedback, String decisionId, Integer slot) {
        feedback.setDecisionId(decisionId);
        feedback.setSlot(slot);
        return feedback;
    }

    static Feedback onRequest(Feedback feedback, String requestId, Integer slot) {
        feedback.setRequestId(requestId);
        feedback.setSlot(slot);
        return feedback;
    }
}
