package io.millrace.ingestion.source;

import io.millrace.record.Name;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** What a record of somebody else's became. */
public sealed interface Mapped {
    /**
     * A record of ours.
     *
     * @param value the encoded record
     * @param names what stands behind the hashes in it, each once
     */
    record Taken(Topic topic, byte[] key, byte[] value, SpecificRecord record, List<Name> names) implements Mapped {
        public Taken {
            names = List.copyOf(names);
        }

        /** Of a record without hashes. */
        Taken(Topic topic, byte[] key, byte[] value, SpecificRecord record) {
            this(topic, key, value, record, List.of());
        }
    }

    /** Nothing, and rightly so: a delete, say. */
    record PassedOver(String what) implements Mapped {}

    /** A dead letter. */
    record Rejected(String source, List<Problem> problems) implements Mapped {
        public Rejected {
            problems = List.copyOf(problems);
        }

        /** All that is wrong, in one line: {@code clicks: product.price: "abc" (expected: a number)}. */
        public String reason() {
            return source + ": " + problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        }
    }
}
