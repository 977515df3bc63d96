package io.millrace.local.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.trace.Trace.Learned;
import io.millrace.local.trace.Trace.Placed;
import io.millrace.local.trace.Trace.Version;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.record.Slot;
import java.util.Locale;

/** A trace for programs; times are event times in microseconds since 1970 UTC. */
final class TraceJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private TraceJson() {}

    static String of(Trace trace) {
        ObjectNode root = JSON.createObjectNode();
        decision(root.putObject("decision"), trace);
        root.putArray("feedback");
        trace.feedback().forEach(placed -> feedback(root.withArray("feedback").addObject(), placed, trace));
        root.putArray("outcomes");
        trace.outcomes().forEach(placed -> outcome(root.withArray("outcomes").addObject(), placed));
        root.putArray("examples");
        trace.examples().forEach(learned -> example(root.withArray("examples").addObject(), learned));
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void decision(ObjectNode node, Trace trace) {
        Decision made = trace.decision().value();
        place(node, trace.decision());
        node.put("id", made.getId());
        node.put("request_id", made.getRequestId());
        node.put("subject", made.getSubject());
        node.put("time_micros", made.getTimeMicros());
        node.put("arm", made.getArm());
        node.put("explored", made.getExplored());
        node.put("candidates", made.getCandidates());
        node.put("policy", made.getPolicy());
        ObjectNode variants = node.putObject("variants");
        made.getVariants().forEach(variants::put);
        if (made.getModel() == null) {
            node.putNull("model");
        } else {
            ObjectNode model = node.putObject("model");
            model.put("lineage", made.getModel().getLineage());
            made.getModel().getOffsets().forEach(model.putArray("version")::add);
        }
        node.putArray("slate");
        for (int i = 0; i < made.getSlate().size(); i++) {
            Slot slot = made.getSlate().get(i);
            ObjectNode shown = node.withArray("slate").addObject();
            shown.put("slot", i);
            shown.put("item", slot.getItem());
            shown.put("score", slot.getScore());
            shown.put("propensity", slot.getPropensity());
            shown.put("arm_propensity", slot.getArmPropensity());
            if (i < trace.features().size()) {
                ObjectNode features = shown.putObject("features");
                trace.features().get(i).forEach(features::put);
            }
        }
    }

    private static void feedback(ObjectNode node, Placed<Feedback> placed, Trace trace) {
        Feedback told = placed.value();
        place(node, placed);
        node.put("id", told.getId());
        node.put("slot", told.getSlot());
        node.put("item", told.getItem());
        node.put("kind", told.getKind());
        node.put("value", told.getValue());
        node.put("final", told.getFinal$());
        node.put("time_micros", told.getTimeMicros());
        node.put("delay_micros", told.getTimeMicros() - trace.decision().value().getTimeMicros());
    }

    private static void outcome(ObjectNode node, Placed<Outcome> placed) {
        Outcome came = placed.value();
        place(node, placed);
        node.put("id", came.getId());
        node.put("slot", came.getSlot());
        node.put("kind", came.getKind());
        node.put("closed", came.getClosed());
        node.put("reward", came.getReward());
        node.put(
                "replaced_reward",
                came.getReplaced() == null ? null : came.getReplaced().getReward());
        node.put("time_micros", came.getTimeMicros());
    }

    private static void example(ObjectNode node, Learned learned) {
        Example example = learned.example().value();
        place(node, learned.example());
        node.put("slot", example.getSlot());
        node.put("kind", example.getKind().name().toLowerCase(Locale.ROOT));
        node.put("reward", example.getReward());
        node.put("replaced_reward", example.getReplacedReward());
        node.put("weight", example.getWeight());
        node.put("label_delay_micros", example.getLabelDelayMicros());
        if (learned.first().isEmpty()) {
            node.putNull("first_version");
            return;
        }
        Version version = learned.first().get();
        ObjectNode first = node.putObject("first_version");
        first.put("lineage", version.lineage());
        first.put("from", version.from());
        first.put("to", version.to());
        first.put("published_micros", version.publishedMicros());
        first.put("partition", version.partition());
        first.put("offset", version.offset());
        version.servedBy()
                .ifPresent(served -> first.putObject("first_served")
                        .put("decision_id", served.decisionId())
                        .put("time_micros", served.timeMicros())
                        .put("version", served.version()));
    }

    private static void place(ObjectNode node, Placed<?> placed) {
        node.put("partition", placed.partition());
        node.put("offset", placed.offset());
    }
}
