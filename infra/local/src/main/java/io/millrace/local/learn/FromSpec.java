package io.millrace.local.learn;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.IdSpec;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A saved model's spec, and what flags or another spec say beside it. What gives the model's rows their meaning must be the
 * same: features, crosses, bins, learner, loss, bits, seed, offset, ids, and what a row holds. All else may change.
 */
final class FromSpec {
    /** Settings that say how much a row or the model holds. */
    private static final List<String> SHAPE = List.of("factors", "layers", "width");

    private final Path directory;
    private final String yaml;
    private final PipelineSpec saved;

    /** @param directory what the model was read from */
    FromSpec(Path directory, SavedModel model) {
        this.directory = directory;
        this.yaml = model.yaml();
        this.saved = model.spec();
    }

    /**
     * The saved spec, with the settings that flags name in place of its own.
     *
     * @throws StartException if a setting is wrong, or would give rows another meaning
     */
    String with(LearnOptions.Model flags) throws StartException {
        Map<String, String> given = flags.all();
        String learner = given.getOrDefault("learner", saved.model().learner().text());
        if (Stream.of(LearnerKind.values()).anyMatch(kind -> kind.text().equals(learner))) {
            require("learner", learner, saved.model().learner().text(), true);
        }
        String changed = ModelSection.with(yaml, given);
        PipelineSpec spec = FlagSpec.read(changed);
        requireModel(spec.model(), true);
        return Lineage.canonicalSpec(spec).equals(Lineage.canonicalSpec(saved)) ? yaml : changed;
    }

    /**
     * Checks the features that flags stand for, in whatever order.
     *
     * @param flags the spec of these flags
     * @param ignored features that nobody asked for
     */
    void requireFeatures(PipelineSpec flags, Set<String> ignored) throws StartException {
        Map<String, FeatureKind> given = kinds(flags);
        Map<String, FeatureKind> own = kinds(saved);
        given.remove(flags.decision().subject());
        if (!given.containsKey(saved.decision().subject())) {
            own.remove(saved.decision().subject());
        }
        ignored.stream().filter(name -> !own.containsKey(name)).forEach(given::remove);
        requireKinds(given, own, true);
        if (!unordered(flags.crosses()).equals(unordered(saved.crosses()))) {
            require("crosses", flags.crosses().toString(), saved.crosses().toString(), true);
        }
        require("bins", text(new TreeMap<>(flags.bins())), text(new TreeMap<>(saved.bins())), true);
    }

    /** Checks another whole spec. */
    void requireSame(PipelineSpec spec) throws StartException {
        requireKinds(kinds(spec), kinds(saved), false);
        require(
                "features",
                kinds(spec).keySet().toString(),
                kinds(saved).keySet().toString(),
                false);
        require("crosses", spec.crosses().toString(), saved.crosses().toString(), false);
        require("bins", text(spec.bins()), text(saved.bins()), false);
        requireModel(spec.model(), false);
    }

    private void requireModel(ModelSpec model, boolean byFlags) throws StartException {
        Map<String, String> given = structure(model);
        Map<String, String> own = structure(saved.model());
        for (Map.Entry<String, String> setting : own.entrySet()) {
            require(setting.getKey(), given.getOrDefault(setting.getKey(), "none"), setting.getValue(), byFlags);
        }
    }

    private static Map<String, String> structure(ModelSpec model) {
        Map<String, String> structure = new LinkedHashMap<>();
        structure.put("learner", model.learner().text());
        structure.put("loss", model.loss().text());
        structure.put("bits", Integer.toString(model.bits()));
        structure.put("seed", Long.toString(model.seed()));
        structure.put("offset", Objects.requireNonNullElse(model.offset(), "none"));
        IdSpec ids = model.ids();
        structure.put("ids.table", ids.exact() ? "exact" : "hashed");
        structure.put("ids.admit", Integer.toString(ids.admit()));
        structure.put("ids.forget", ids.forget().toString());
        structure.put("ids.rows", Integer.toString(ids.rows()));
        SHAPE.stream()
                .filter(model.settings()::containsKey)
                .forEach(name -> structure.put(name, Long.toString((long) model.setting(name))));
        return structure;
    }

    private void requireKinds(Map<String, FeatureKind> given, Map<String, FeatureKind> own, boolean byFlags)
            throws StartException {
        Set<String> names = new LinkedHashSet<>(own.keySet());
        names.addAll(given.keySet());
        for (String name : names) {
            require("feature " + name, text(given.get(name)), text(own.get(name)), byFlags);
        }
    }

    private static Map<String, FeatureKind> kinds(PipelineSpec spec) {
        Map<String, FeatureKind> kinds = new LinkedHashMap<>();
        spec.featureSet().features().forEach(feature -> kinds.put(feature.name(), feature.kind()));
        return kinds;
    }

    private static String text(@Nullable FeatureKind kind) {
        return kind == null ? "none" : kind.text();
    }

    private static String text(Map<String, Bins> bins) {
        return bins.entrySet().stream()
                .map(entry -> entry.getKey() + ": "
                        + (entry.getValue() instanceof Bins.Width steps
                                ? "steps of " + steps.width()
                                : ((Bins.Quantiles) entry.getValue()).count() + " quantiles"))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static Set<List<String>> unordered(List<List<String>> crosses) {
        return crosses.stream().map(parts -> parts.stream().sorted().toList()).collect(Collectors.toSet());
    }

    private void require(String name, String given, String own, boolean byFlags) throws StartException {
        if (!given.equals(own)) {
            throw new StartException(new Problem(
                            "--from: " + name,
                            given,
                            own + ", as saved in " + directory + "; leave " + (byFlags ? "the flags" : "--spec")
                                    + " out, or give the same")
                    .toString());
        }
    }
}
