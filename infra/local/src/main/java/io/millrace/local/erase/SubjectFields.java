package io.millrace.local.erase;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names that subjects have in the specs of all models: a subject's hash depends on them, and a spec that was changed may have
 * renamed them.
 */
record SubjectFields(Set<String> names) {
    static SubjectFields read(KafkaSettings kafka) throws StartException, InterruptedException {
        Set<String> names = new TreeSet<>();
        ModelControls.readAll(kafka)
                .values()
                .forEach(control ->
                        control.getLineages().stream().map(LineagePlan::getSpec).forEach(spec -> add(names, spec)));
        try (RecordLog log = new RecordLog(kafka)) {
            log.each(Topic.MODEL_MANIFESTS, Manifest.class, manifest -> add(names, manifest.getSpecText()));
        }
        return new SubjectFields(names);
    }

    private static void add(Set<String> names, @Nullable String spec) {
        try {
            if (spec != null) {
                names.add(SpecReader.read(spec, "manifest").decision().subject());
            }
        } catch (SpecException e) {
            // Of a version that this one cannot read; neither can its examples be learned.
        }
    }

    /** What a subject is called in feature vectors. */
    List<Long> hashes(String subject) {
        return names.stream().map(name -> FeatureHash.of(name).hash(subject)).toList();
    }
}
