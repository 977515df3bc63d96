package io.millrace.features.aggregate;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.DecisionSpec;
import io.millrace.features.spec.Operand;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An outcome, as aggregates see it: feedback of its kind, and where it closed its slot, the slot's label. Where it replaces the label, that
 * of the time at which the slot closed was wrong. Of one whose decision had
 * another feature set, that is known which the outcome says itself: its item, subject, arm, slot, reward and value.
 */
public final class OutcomeFacts implements Facts {
    private static final long[] NONE = {};
    private static final String ARM_FIELD = "arm";
    private static final FeatureHash ID = FeatureHash.of("outcome");
    private static final FeatureHash ITEM = FeatureHash.of(DecisionSpec.ITEM);
    private static final FeatureHash ARM = FeatureHash.of(ARM_FIELD);

    private static final Set<String> ITS_OWN = Set.of(DecisionSpec.ITEM, ARM_FIELD, "slot", "reward", "value");

    private final Set<String> events;
    private final String subject;
    private final FeatureHash ofSubject;
    private final FeatureSet set;
    private final FeatureVector vector;
    private final Corrected corrected = new Corrected(new Label(true), new Label(false));
    private @Nullable Outcome outcome;

    public OutcomeFacts(PipelineSpec spec) {
        this.events = spec.events().keySet();
        this.subject = spec.decision().subject();
        this.ofSubject = FeatureHash.of(subject);
        this.set = spec.featureSet();
        this.vector = new FeatureVector(set);
    }

    /** When all that an outcome says is known: what it corrects comes before that. */
    public static long knownMicros(Outcome outcome) {
        @Nullable ReplacedLabel replaced = outcome.getReplaced();
        return replaced == null ? outcome.getTimeMicros() : Math.max(outcome.getTimeMicros(), replaced.getTimeMicros());
    }

    /** Whether an outcome's features are those of this pipeline. */
    public boolean understands(Outcome another) {
        return another.getFeatureSetVersion() == set.version();
    }

    /**
     * Sees another outcome from now on.
     *
     * @throws MalformedVectorException if its features are said to be those of the set, and are not
     */
    public OutcomeFacts with(Outcome another) throws MalformedVectorException {
        if (understands(another)) {
            vector.unpack(another.getFeatures());
        } else {
            vector.clear();
        }
        outcome = another;
        return this;
    }

    @Override
    public boolean knows(String field) {
        return understands(outcome) || ITS_OWN.contains(field) || field.equals(subject);
    }

    @Override
    public boolean is(String kind) {
        return kind.equals(Operand.LABEL)
                ? outcome.getClosed()
                : outcome.getKind().equals(kind) && !events.contains(kind);
    }

    @Override
    public long timeMicros() {
        return outcome.getTimeMicros();
    }

    @Override
    public long knownMicros() {
        return knownMicros(outcome);
    }

    /** A label's is of its slot, whoever closed it. */
    @Override
    public long id(String kind) {
        return ID.hash(
                kind.equals(Operand.LABEL) ? outcome.getDecisionId() + "/" + outcome.getSlot() : outcome.getId());
    }

    @Override
    public double number(String field) {
        return switch (field) {
            case "reward" -> outcome.getReward();
            case "value" -> outcome.getValue();
            case "slot" -> outcome.getSlot();
            default -> {
                int position = set.indexOf(field);
                yield position >= 0 && vector.kind(position) == FeatureKind.NUMERIC && vector.isPresent(position)
                        ? vector.value(vector.from(position))
                        : Double.NaN;
            }
        };
    }

    @Override
    public long[] categories(String field) {
        if (field.equals(DecisionSpec.ITEM)) {
            return new long[] {ITEM.hash(outcome.getItem())};
        }
        if (field.equals(ARM_FIELD)) {
            return new long[] {ARM.hash(outcome.getArm())};
        }
        if (field.equals(subject) && !understands(outcome)) {
            return new long[] {ofSubject.hash(outcome.getSubject())};
        }
        int position = set.indexOf(field);
        if (position < 0 || !vector.isPresent(position)) {
            return NONE;
        }
        return Arrays.copyOfRange(vector.hashes(), vector.from(position), vector.to(position));
    }

    @Override
    public @Nullable Corrected corrected() {
        return outcome.getReplaced() == null ? null : corrected;
    }

    /** The slot's label when it closed: the wrong one, or the right one. */
    private final class Label implements Facts {
        private final boolean isWrong;

        Label(boolean isWrong) {
            this.isWrong = isWrong;
        }

        @Override
        public boolean is(String kind) {
            return kind.equals(Operand.LABEL);
        }

        @Override
        public long timeMicros() {
            return outcome.getReplaced().getTimeMicros();
        }

        @Override
        public long id(String kind) {
            return OutcomeFacts.this.id(kind);
        }

        @Override
        public double number(String field) {
            return isWrong && field.equals("reward")
                    ? outcome.getReplaced().getReward()
                    : OutcomeFacts.this.number(field);
        }

        @Override
        public boolean knows(String field) {
            return OutcomeFacts.this.knows(field);
        }

        @Override
        public long[] categories(String field) {
            return OutcomeFacts.this.categories(field);
        }
    }
}
