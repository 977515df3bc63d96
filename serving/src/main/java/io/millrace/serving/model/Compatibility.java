package io.millrace.serving.model;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Manifest;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.wire.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a model can be scored with a spec: features, crosses, table, seed, loss and learner must be the same; how it was
 * labelled and how fast it learned may differ. Immutable.
 */
final class Compatibility {
    private static final List<String> SCORING =
            List.of("millrace-spec", "features", "shared", "candidate", "cross", "learner", "loss", "bits", "seed");

    private final String pipeline;
    private final List<String> own;

    Compatibility(PipelineSpec spec) {
        this.pipeline = spec.pipeline();
        this.own = scoring(Lineage.canonicalSpec(spec));
    }

    /** Whether the manifest is about this pipeline's model at all. */
    boolean concerns(Manifest manifest) {
        return manifest.getModel().equals(pipeline);
    }

    /** Why the manifest cannot be served, if it cannot. */
    Optional<Problem> problem(Manifest manifest) {
        String name = "manifest of " + manifest.getModel() + ", lineage " + manifest.getLineage();
        int shards = manifest.getBases().size();
        if (shards != 1 || manifest.getBases().get(0).getShard() != 0) {
            return Optional.of(new Problem(
                    name, shards + " shards", "one, since shards are not merged: one partition of examples"));
        }
        List<String> theirs = scoring(manifest.getSpec());
        if (theirs.equals(own)) {
            return Optional.empty();
        }
        return Optional.of(
                new Problem(name, "made for " + difference(theirs, own), "this spec's " + difference(own, theirs)));
    }

    private static List<String> scoring(String canonicalSpec) {
        return canonicalSpec
                .lines()
                .filter(line -> SCORING.contains(line.split(" ", 2)[0]))
                .toList();
    }

    private static String difference(List<String> of, List<String> from) {
        List<String> only = of.stream().filter(line -> !from.contains(line)).toList();
        return only.isEmpty() ? "another order" : only.stream().collect(Collectors.joining(", "));
    }
}
