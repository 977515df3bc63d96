package io.millrace.features.spec;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A topic of somebody else's, and what its records become.
 *
 * @param name under which it is known, and its offsets are kept
 * @param topic as it is called in Kafka; the deployment's prefix does not stand before it
 * @param cluster how the Kafka is called that has it; null for Millrace's own
 * @param schema the file with the schema, relative to the spec's; null where none is needed or a registry has it
 * @param message of Protobuf, the message's full name; null otherwise
 * @param target what the records become
 * @param time where their time stands; null for the timestamp that they have in Kafka
 * @param oldest how far back that may be
 */
public record SourceSpec(
        String name,
        String topic,
        @Nullable String cluster,
        Format format,
        Framing framing,
        @Nullable String schema,
        @Nullable String message,
        Envelope envelope,
        SourceTarget target,
        @Nullable TimeField time,
        Duration oldest)
        implements Serializable {

    /** How records are written. */
    public enum Format {
        JSON("json"),
        AVRO("avro"),
        PROTOBUF("protobuf");

        private final String text;

        Format(String text) {
            this.text = text;
        }

        /** The name used in specs. */
        public String text() {
            return text;
        }
    }

    /** What stands before a record. */
    public enum Framing {
        NONE("none"),
        /** A zero, and four bytes with the id of the schema in a registry. */
        CONFLUENT("confluent");

        private final String text;

        Framing(String text) {
            this.text = text;
        }

        /** The name used in specs. */
        public String text() {
            return text;
        }
    }

    /** What stands around a record. */
    public enum Envelope {
        NONE("none"),
        DEBEZIUM("debezium");

        private final String text;

        Envelope(String text) {
            this.text = text;
        }

        /** The name used in specs. */
        public String text() {
            return text;
        }
    }

    /**
     * Where the time of a record stands.
     *
     * @param unit what it is counted in, since 1970 UTC, or how it is written
     */
    public record TimeField(FieldPath path, Unit unit) implements Serializable {
        /** How a time is written. */
        public enum Unit {
            SECONDS("s"),
            MILLIS("ms"),
            MICROS("us"),
            ISO("iso");

            private final String text;

            Unit(String text) {
                this.text = text;
            }

            /** The name used in specs. */
            public String text() {
                return text;
            }
        }
    }

    /** Whether schemas have to be asked for. */
    public boolean needsRegistry() {
        return format == Format.AVRO && framing == Framing.CONFLUENT;
    }

    /** The topic, with the name of its cluster before it where that is another one: no two topics have the same. */
    public String place() {
        return cluster == null ? topic : cluster + ":" + topic;
    }

    public Optional<TimeField> timeField() {
        return Optional.ofNullable(time);
    }
}
