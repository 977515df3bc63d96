package io.millrace.features.spec;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the records of a source become, and from which of their fields. */
public sealed interface SourceTarget extends Serializable {
    /** The name used in specs. */
    String text();

    /**
     * Something that happened.
     *
     * @param id null for the record's place, which is unique, too
     * @param entities in the order of the spec: the first is the key
     */
    record Events(
            @Nullable FieldPath id, KindField kind, Map<String, FieldPath> entities, Map<String, ValueField> values)
            implements SourceTarget {
        static final String TEXT = "events";

        public Events {
            entities = Collections.unmodifiableMap(new LinkedHashMap<>(entities));
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public String text() {
            return TEXT;
        }
    }

    /** What is known of an item. */
    record Items(FieldPath id, Map<String, ValueField> values) implements SourceTarget {
        static final String TEXT = "items";

        public Items {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public String text() {
            return TEXT;
        }
    }

    /**
     * What somebody did about a decision.
     *
     * @param id null for the record's place, which is unique, too
     * @param decision null where it is never named
     * @param subject for whom was decided, which together with the item stands for a decision that is not named; null where it is
     *     always named
     * @param slot which place of the slate; null where {@code item} says it, or nothing does
     * @param value how much of it; null for 1
     * @param isFinal whether nothing more is expected; null for what the kind says
     */
    record Feedback(
            @Nullable FieldPath id,
            @Nullable DecisionField decision,
            @Nullable FieldPath subject,
            @Nullable FieldPath slot,
            @Nullable FieldPath item,
            KindField kind,
            @Nullable FieldPath value,
            @Nullable FieldPath isFinal)
            implements SourceTarget {
        static final String TEXT = "feedback";

        @Override
        public String text() {
            return TEXT;
        }
    }

    /**
     * What a ranker of somebody else's decided.
     *
     * @param id the caller's own id; null for the record's place, which is unique, too
     * @param subject for whom
     * @param arm how the ranker is called
     * @param context features that all of the slate share, and where their values stand
     */
    record Decisions(
            @Nullable FieldPath id, FieldPath subject, KindField arm, Map<String, FieldPath> context, SlateField slate)
            implements SourceTarget {
        static final String TEXT = "decisions";

        public Decisions {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        }

        @Override
        public String text() {
            return TEXT;
        }
    }

    /**
     * What was shown, best first.
     *
     * @param path where the list stands; the other paths begin at each of its elements
     * @param item null where the elements are the items' ids
     * @param features of each item, and where their values stand
     * @param propensity with which probability it was shown there; null for 1
     * @param score null for 0
     */
    record SlateField(
            FieldPath path,
            @Nullable FieldPath item,
            Map<String, FieldPath> features,
            @Nullable FieldPath propensity,
            @Nullable FieldPath score)
            implements Serializable {
        public SlateField {
            features = Collections.unmodifiableMap(new LinkedHashMap<>(features));
        }
    }

    /**
     * A name: the same in all records, or said by each.
     *
     * @param literal one of the two is null
     */
    record KindField(@Nullable String literal, @Nullable FieldPath path) implements Serializable {
        /** The kind of all records. */
        static KindField of(String literal) {
            return new KindField(literal, null);
        }

        /** The kind stands in each. */
        static KindField in(FieldPath path) {
            return new KindField(null, path);
        }

        /** Where it stands, unless all have the same. */
        public Optional<FieldPath> field() {
            return Optional.ofNullable(path);
        }
    }

    /**
     * Which decision is meant.
     *
     * @param isRequest whether it is always the caller's own id; otherwise what is no id of ours is the caller's
     */
    record DecisionField(FieldPath path, boolean isRequest) implements Serializable {}

    /** A value, and what it has to be. */
    record ValueField(FieldPath path, Type type) implements Serializable {
        /** What a value has to be; a number or a truth that is written as a text is one. */
        public enum Type {
            ANY("any"),
            NUMBER("number"),
            TEXT("text"),
            BOOLEAN("boolean"),
            LIST("list");

            private final String text;

            Type(String text) {
                this.text = text;
            }

            /** The name used in specs. */
            public String text() {
                return text;
            }
        }
    }
}
