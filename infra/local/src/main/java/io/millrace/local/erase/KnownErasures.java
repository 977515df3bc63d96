package io.millrace.local.erase;

import io.millrace.local.StartException;
import io.millrace.local.verify.TopicLog;
import io.millrace.record.Erasure;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.RecordDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Who was erased, as the topic {@code erasures} says. */
public final class KnownErasures {
    private static final Duration SCHEMA_WAIT = Duration.ofSeconds(10);

    private final Erasures erasures;
    private final Optional<SubjectFields> fields;

    private KnownErasures(Erasures erasures, Optional<SubjectFields> fields) {
        this.erasures = erasures;
        this.fields = fields;
    }

    /** @throws StartException if there is no broker */
    public static KnownErasures read(KafkaSettings kafka) throws StartException, InterruptedException {
        TopicLog log = new TopicLog(kafka);
        List<Erasure> found = new ArrayList<>();
        try (RecordDecoder decoder = new RecordDecoder(kafka, SCHEMA_WAIT)) {
            Codec<Erasure> codec = decoder.codec(Erasure.class);
            List<TopicLog.Extent> extents = log.isThere(Topic.ERASURES) ? log.extents(Topic.ERASURES) : List.of();
            for (TopicLog.Extent extent : extents) {
                log.read(Topic.ERASURES, extent, record -> {
                    if (record.value() != null) {
                        try {
                            found.add(decoder.decode(codec, record.value()));
                        } catch (WireException e) {
                            return true;
                        }
                    }
                    return true;
                });
            }
        }
        return new KnownErasures(
                Erasures.of(found), found.isEmpty() ? Optional.empty() : Optional.of(SubjectFields.read(kafka)));
    }

    public Erasures all() {
        return erasures;
    }

    /** Event time of the last decision for a subject that is forgotten; nothing if none is. */
    public OptionalLong timeMicros(String subject) {
        List<Long> hashes = fields.map(known -> known.hashes(subject)).orElse(List.of());
        return erasures.records().stream()
                .filter(erasure -> hashes.contains(erasure.getSubject()))
                .mapToLong(Erasure::getTimeMicros)
                .max();
    }
}
