package io.millrace.trainer.learn;

import io.millrace.features.spec.IdSpec;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of one row of a feature under settings by which its numbers are read otherwise. */
final class RowConversion {
    private static final List<String> OF_PROXIMAL = List.of("alpha", "beta", "l1", "l2");

    private final @Nullable FtrlStep step;
    private final long ticksBefore;
    private final long ticksAfter;
    private final int seen;

    /**
     * @param layout of both specs, as far as columns go
     */
    RowConversion(PipelineSpec before, PipelineSpec after, Layout layout) {
        this.step = step(before.model(), after.model());
        IdSpec ids = after.model().ids();
        this.ticksBefore = before.model().ids().tickMicros();
        this.ticksAfter = ids.tickMicros();
        this.seen = ids.exact() && ticksBefore != ticksAfter ? layout.own() + RowKey.SERVED : -1;
    }

    private static @Nullable FtrlStep step(ModelSpec before, ModelSpec after) {
        if (OF_PROXIMAL.stream()
                .allMatch(name -> before.settings().containsKey(name)
                        && before.settings().get(name).equals(after.settings().get(name)))) {
            return null;
        }
        return switch (after.learner()) {
            case FTRL -> new FtrlStep(FtrlSettings.of(after), 0, 1);
            case FM, DEEP ->
                new FtrlStep(
                        FtrlSettings.of(after), 0, 1 + FactorSettings.of(after).count());
            case AUTO, NORMALIZED, COIN -> null;
        };
    }

    /** Whether rows stay as they are. */
    boolean isNone() {
        return step == null && seen < 0;
    }

    /** Converts a row of an id, in place. */
    void convert(float[] rows, int at) {
        convertWeight(rows, at);
        if (seen >= 0) {
            rows[at + seen] = seen(rows[at + seen]);
        }
    }

    /** The same of a row that says nothing about when an id occurred. */
    void convertWeight(float[] rows, int at) {
        if (step != null) {
            step.rebase(rows, at);
        }
    }

    /** The last of the new ticks in the old one: nothing is forgotten before its time. */
    private float seen(float packed) {
        int tick = RowKey.unpack(packed);
        if (tick < 0) {
            return packed;
        }
        return RowKey.pack((int) Math.min(RowKey.LARGEST, ((tick + 1L) * ticksBefore - 1) / ticksAfter));
    }
}
