package io.millrace.local;

import io.millrace.features.spec.SpecReader;
import io.millrace.record.LineagePlan;
import io.millrace.record.ModelControl;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.trainer.job.Plans;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
        Optional<LineagePlan> live = live(current.get());
        if (live.isEmpty()) {
            throw new StartException("model-control of " + given.spec().pipeline() + ": live lineage "
                    + current.get().getLive() + " has no plan (expected: one of "
                    + current.get().getLineages().stream()
                            .map(LineagePlan::getLineage)
                            .toList()
                    + "; millrace model switch)");
        }
        String learned = Lineage.canonicalSpec(SpecReader.read(live.get().getSpec(), "the live model's spec"));
        String wanted = Lineage.canonicalSpec(given.spec());
        if (!learned.equals(wanted)) {
            throw new StartException("the live model (lineage " + live.get().getLineage() + ") learns by another spec: "
                    + difference(wanted, learned) + " (expected: " + difference(learned, wanted)
                    + "; 'millrace spec diff' says what the change means, 'millrace spec apply' brings it in)");
        }
        String text = given.specText().orElse(live.get().getSpec());
        if (text.equals(live.get().getSpec())) {
            return Optional.empty();
        }
        List<LineagePlan> plans = new ArrayList<>();
        for (LineagePlan plan : current.get().getLineages()) {
            plans.add(
                    plan == live.get()
                            ? LineagePlan.newBuilder(plan).setSpec(text).build()
                            : plan);
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

    private static String difference(String of, String from) {
        List<String> others = from.lines().toList();
        String only = of.lines().filter(line -> !others.contains(line)).collect(Collectors.joining(", "));
        return only.isEmpty() ? "nothing of the kind" : only;
    }
}
