package io.millrace.local.model;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog;
import io.millrace.record.Delta;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureTranslation;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the topics say of a model and its lineages, as they were when they were read. */
final class KnownModel {
    /** The newest version of a lineage is among that many of the last deltas, or else its manifest tells one. */
    private static final long DELTAS = 2_000;

    private final String name;
    private final Optional<ModelControl> control;
    private final Map<String, Manifest> manifests;
    private final Map<String, Delta> newest;
    private final List<TopicLog.Extent> examples;

    private KnownModel(
            String name,
            Optional<ModelControl> control,
            Map<String, Manifest> manifests,
            Map<String, Delta> newest,
            List<TopicLog.Extent> examples) {
        this.name = name;
        this.control = control;
        this.manifests = manifests;
        this.newest = newest;
        this.examples = examples;
    }

    /**
     * @param wanted the model's name, where there are several
     * @throws StartException if there is none, or several and none is named
     */
    static KnownModel read(KafkaSettings kafka, Optional<String> wanted) throws StartException, InterruptedException {
        Map<String, Map<String, Manifest>> manifests = new LinkedHashMap<>();
        Map<String, Map<String, Delta>> newest = new LinkedHashMap<>();
        List<TopicLog.Extent> examples;
        try (RecordLog log = new RecordLog(kafka)) {
            log.each(Topic.MODEL_MANIFESTS, Manifest.class, manifest -> {
                Map<String, Manifest> known =
                        manifests.computeIfAbsent(manifest.getModel(), made -> new LinkedHashMap<>());
                known.remove(manifest.getLineage());
                known.put(manifest.getLineage(), manifest);
            });
            List<TopicLog.Extent> last = log.topics().extents(Topic.MODEL_UPDATES).stream()
                    .map(extent -> extent.last(DELTAS))
                    .toList();
            log.read(Topic.MODEL_UPDATES, Delta.class, last, record -> true, (delta, record) -> {
                if (DeltaCodec.isIntact(delta) && delta.getShard() == 0) {
                    newest.computeIfAbsent(delta.getModel(), made -> new LinkedHashMap<>())
                            .merge(
                                    delta.getLineage(),
                                    delta,
                                    (one, other) -> one.getTo() > other.getTo() ? one : other);
                }
                return true;
            });
            examples = log.topics().extents(Topic.EXAMPLES);
        }
        Map<String, ModelControl> controls = ModelControls.readAll(kafka);
        Set<String> names = new TreeSet<>(manifests.keySet());
        names.addAll(controls.keySet());
        String name = choose(names, wanted);
        return new KnownModel(
                name,
                Optional.ofNullable(controls.get(name)),
                manifests.getOrDefault(name, Map.of()),
                newest.getOrDefault(name, Map.of()),
                examples);
    }

    private static String choose(Set<String> names, Optional<String> wanted) throws StartException {
        if (wanted.isPresent() ? !names.contains(wanted.get()) : names.size() != 1) {
            throw new StartException(
                    names.isEmpty()
                            ? "no model: neither a manifest nor a plan in the topics (expected: a pipeline that has been started)"
                            : "--model: " + wanted.orElse("missing") + " (expected: one of " + names + ")");
        }
        return wanted.orElseGet(() -> names.iterator().next());
    }

    String name() {
        return name;
    }

    Optional<ModelControl> control() {
        return control;
    }

    /** The lineage that serves: the operator's, or that of the newest manifest; none before the first. */
    Optional<String> live() {
        Optional<String> said = control.map(ModelControl::getLive);
        if (said.isPresent()) {
            return said;
        }
        String last = null;
        for (String lineage : manifests.keySet()) {
            last = lineage;
        }
        return Optional.ofNullable(last);
    }

    /** All that is known, the live one first, then what is learned. */
    List<String> lineages() {
        Set<String> all = new LinkedHashSet<>();
        live().ifPresent(all::add);
        control.ifPresent(known -> known.getLineages().forEach(plan -> all.add(plan.getLineage())));
        List<String> others = new ArrayList<>(manifests.keySet());
        Collections.reverse(others);
        all.addAll(others);
        return List.copyOf(all);
    }

    /**
     * One of the lineages.
     *
     * @param start how its name begins
     * @throws StartException if none or several begin so
     */
    String lineage(String start) throws StartException {
        List<String> found =
                lineages().stream().filter(known -> known.startsWith(start)).toList();
        if (found.size() != 1) {
            throw new StartException("lineage: " + start + (found.isEmpty() ? " (unknown" : " (several begin so")
                    + "; expected: one of " + lineages() + ")");
        }
        return found.get(0);
    }

    Optional<Manifest> manifest(String lineage) {
        return Optional.ofNullable(manifests.get(lineage));
    }

    Optional<LineagePlan> plan(String lineage) {
        return control.stream()
                .flatMap(known -> known.getLineages().stream())
                .filter(plan -> plan.getLineage().equals(lineage))
                .findFirst();
    }

    /** The feature sets of all specs by which the model is or was learned, as far as they can be read. */
    List<FeatureSet> featureSets() {
        Map<Long, FeatureSet> sets = new LinkedHashMap<>();
        Stream.concat(
                        control.stream()
                                .flatMap(known -> known.getLineages().stream())
                                .map(LineagePlan::getSpec),
                        manifests.values().stream().map(Manifest::getSpecText).filter(Objects::nonNull))
                .forEach(text -> {
                    try {
                        FeatureSet set = SpecReader.read(text, "manifest").featureSet();
                        sets.put(set.version(), set);
                    } catch (SpecException e) {
                        // A spec of another version: its examples stay unread.
                    }
                });
        return List.copyOf(sets.values());
    }

    /** Every other feature set than the spec's that the model has had, as far as its examples can be translated. */
    List<FeatureSet> older(PipelineSpec spec) {
        FeatureSet own = spec.featureSet();
        return featureSets().stream()
                .filter(set -> set.version() != own.version())
                .filter(set -> FeatureTranslation.problems(set, own).isEmpty())
                .toList();
    }

    /** The newest version of shard 0 that was published; empty before the first. */
    Optional<Long> version(String lineage) {
        Optional<Long> base = manifest(lineage).stream()
                .flatMap(manifest -> manifest.getBases().stream())
                .filter(known -> known.getShard() == 0)
                .map(ShardBase::getOffset)
                .findFirst();
        Optional<Long> delta = Optional.ofNullable(newest.get(lineage)).map(Delta::getTo);
        return delta.isPresent() && base.isPresent()
                ? Optional.of(Math.max(base.get(), delta.get()))
                : delta.or(() -> base);
    }

    /** Examples that the newest published delta had learned; empty where none is at hand. */
    Optional<Long> examples(String lineage) {
        return Optional.ofNullable(newest.get(lineage)).map(Delta::getExamples);
    }

    /** The partitions of examples. */
    List<TopicLog.Extent> log() {
        return examples;
    }
}
