package io.millrace.local;

import io.millrace.features.change.Effect;
import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a start of the whole loop with a spec makes of what the operator wants: the spec is the live model's, or nothing starts. */
public final class StartControl {
    private StartControl() {}

    /**
     * What holds from now on; written only where that is something new.
     *
     * @param given what the spec alone gives
     * @throws StartException if the live model learns by another spec
     */
    public static ModelControl ensure(KafkaSettings kafka, LearnJobSettings given, long nowMicros)
            throws StartException, InterruptedException {
        String model = given.spec().pipeline();
        Optional<ModelControl> current = ModelControls.read(kafka, model);
        Optional<ModelControl> next = next(current, given, nowMicros);
        return next.isEmpty()
                ? current.orElseThrow()
                : ModelControls.change(
                        kafka,
                        model,
                        found -> next(found, given, nowMicros).or(() -> found).orElseThrow());
    }

    /**
     * Looks whether a start with a spec would be let through, and writes nothing.
     *
     * @throws StartException if the live model learns by another spec
     */
    public static void check(KafkaSettings kafka, PipelineSpec spec) throws StartException {
        Optional<ModelControl> current = ModelControls.read(kafka, spec.pipeline());
        if (current.isPresent()) {
            learnedBy(spec, current.get());
        }
    }

    /** Empty where nothing changes. */
    static Optional<ModelControl> next(Optional<ModelControl> current, LearnJobSettings given, long nowMicros)
            throws StartException {
        if (current.isEmpty()) {
            return Optional.of(ModelControl.newBuilder()
                    .setModel(given.spec().pipeline())
                    .setRevision(0)
                    .setLive(given.lineage())
                    .setLineages(List.of(Plans.of(given)))
                    .setReason("first start")
                    .setTimeMicros(nowMicros)
                    .build());
        }
        LineagePlan live = learnedBy(given.spec(), current.get());
        String text = given.specText().orElse(live.getSpec());
        if (text.equals(live.getSpec())) {
            return Optional.empty();
        }
        List<LineagePlan> plans = new ArrayList<>();
        for (LineagePlan plan : current.get().getLineages()) {
            plans.add(plan == live ? LineagePlan.newBuilder(plan).setSpec(text).build() : plan);
        }
        return Optional.of(ModelControl.newBuilder(current.get())
                .setLineages(plans)
                .setReason("start with a changed spec that means the same to the model")
                .setTimeMicros(nowMicros)
                .build());
    }

    /** The plan of the lineage that serves. */
    public static Optional<LineagePlan> live(ModelControl control) {
        return control.getLineages().stream()
                .filter(plan -> plan.getLineage().equals(control.getLive()))
                .findFirst();
    }

    /** The live lineage's plan, if it is learned by that spec. */
    private static LineagePlan learnedBy(PipelineSpec wanted, ModelControl current) throws StartException {
        LineagePlan live = live(current)
                .orElseThrow(() -> new StartException("model-control of " + wanted.pipeline() + ": live lineage "
                        + current.getLive() + " has no plan (expected: one of "
                        + current.getLineages().stream()
                                .map(LineagePlan::getLineage)
                                .toList()
                        + "; millrace model switch)"));
        PipelineSpec learned = SpecReader.read(live.getSpec(), "the live model's spec");
        if (!Lineage.canonicalSpec(learned).equals(Lineage.canonicalSpec(wanted))) {
            throw new StartException("the live model (lineage " + live.getLineage() + ") learns by another spec: "
                    + difference(learned, wanted)
                    + "; 'millrace spec diff' says what the change means, 'millrace spec apply' brings it in");
        }
        return live;
    }

    private static String difference(PipelineSpec learned, PipelineSpec wanted) {
        return SpecDiff.of(learned, wanted).changes().stream()
                .filter(change -> change.effect() != Effect.HARMLESS)
                .map(change -> new Problem(change.path(), shown(change.after()), shown(change.before())).toString())
                .collect(Collectors.joining("; "));
    }

    private static String shown(@Nullable String value) {
        return value == null ? "none" : value;
    }
}
