package io.millrace.local.erase;

import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.record.Erasure;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Who was erased, as the topic {@code erasures} says. */
public final class KnownErasures {
    private final Erasures erasures;
    private final Optional<SubjectFields> fields;

    private KnownErasures(Erasures erasures, Optional<SubjectFields> fields) {
        this.erasures = erasures;
        this.fields = fields;
    }

    /** @throws StartException if there is no broker */
    public static KnownErasures read(KafkaSettings kafka) throws StartException, InterruptedException {
        List<Erasure> found = new ArrayList<>();
        try (RecordLog log = new RecordLog(kafka)) {
            if (log.topics().isThere(Topic.ERASURES)) {
                log.each(Topic.ERASURES, Erasure.class, found::add);
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
