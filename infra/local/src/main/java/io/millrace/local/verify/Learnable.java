package io.millrace.local.verify;

import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.ModelImport;
import io.millrace.record.Manifest;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.vector.FeatureSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that a lineage is learned again by, or why that cannot be. */
sealed interface Learnable {
    /** Why the lineage cannot be learned again. */
    record No(String reason) implements Learnable {}

    /**
     * @param root what it starts from, if not from nothing
     * @param without what of the log it passes over
     * @param older feature sets whose examples it learns from, too
     * @param erased of whom it learns nothing
     */
    record Yes(
            String lineage,
            SpecText spec,
            RootBase.@Nullable Content root,
            Exclusions without,
            List<FeatureSet> older,
            Erasures erased)
            implements Learnable {
        /** A shard that goes on from a base. */
        ShardLearner goOn(int shard, RootBase.Content base) {
            ShardLearner learner = blank(shard);
            try {
                learner.restore(base.header(), base.blocks());
                return learner;
            } catch (RuntimeException e) {
                learner.close();
                throw e;
            }
        }

        private ShardLearner blank(int shard) {
            return new ShardLearner(spec.spec(), older, erased, lineage, shard);
        }

        /** A shard that is where the lineage begins. */
        ShardLearner begin(int shard) {
            ShardLearner learner = blank(shard);
            try {
                if (root != null) {
                    root.start(learner);
                }
                return learner;
            } catch (RuntimeException e) {
                learner.close();
                throw e;
            }
        }
    }

    /** Where base snapshots lie. */
    record Bases(URI uri, SnapshotStore store) {}

    /**
     * @param topicId of examples, as it is
     * @param partitions of examples, as it is
     * @param given a spec that the user named
     */
    static Learnable of(
            KnownLineage lineage, String topicId, int partitions, Optional<SpecText> given, Optional<Bases> bases) {
        return of(lineage, topicId, partitions, given, bases, true);
    }

    /** @param fromTheBeginning whether the root is needed, if there is one */
    static Learnable of(
            KnownLineage lineage,
            String topicId,
            int partitions,
            Optional<SpecText> given,
            Optional<Bases> bases,
            boolean fromTheBeginning) {
        Manifest manifest = lineage.newest();
        if (manifest == null) {
            return new No("no manifest of it is kept, so neither its spec nor its root is known");
        }
        if (!manifest.getTopicId().equals(topicId)) {
            return new No("it learned from another topic of examples, of id " + manifest.getTopicId() + " (this one's: "
                    + topicId + ")");
        }
        if (manifest.getBases().size() != partitions) {
            return new No("it has " + manifest.getBases().size() + " shards (expected: " + partitions
                    + ", the partitions of examples)");
        }
        SpecText spec;
        try {
            spec = spec(manifest, given);
        } catch (SpecException e) {
            return new No("the spec in its manifest cannot be read by this version: "
                    + String.valueOf(e.getMessage())
                            .lines()
                            .skip(1)
                            .findFirst()
                            .orElse("")
                            .strip());
        }
        if (spec == null) {
            return new No(
                    manifest.getSpecText() == null
                            ? "its manifest, of an older version, holds no spec"
                                    + (given.isPresent() ? ", and --spec is that of another lineage" : "")
                                    + " (expected: --spec with the file that it was learned by)"
                            : "the spec in its manifest is that of another lineage");
        }
        if (manifest.getRoot() == null || !fromTheBeginning) {
            return new Yes(lineage.id(), spec, null, without(manifest), older(manifest), erased(manifest));
        }
        RootBase.Content root = root(lineage, manifest.getRoot(), partitions, bases);
        return root == null
                ? new No("the base file that it started from, of digest " + manifest.getRoot() + ", is not "
                        + (bases.isPresent() ? "in " + bases.get().uri() : "known (expected: --store)"))
                : new Yes(lineage.id(), spec, root, without(manifest), older(manifest), erased(manifest));
    }

    private static @Nullable SpecText spec(Manifest manifest, Optional<SpecText> given) {
        String yaml = manifest.getSpecText();
        if (yaml != null) {
            SpecText kept = new SpecText(yaml, SpecReader.read(yaml, "manifest"));
            if (fits(kept, manifest)) {
                return kept;
            }
        }
        return given.filter(spec -> fits(spec, manifest)).orElse(null);
    }

    private static boolean fits(SpecText spec, Manifest manifest) {
        return Lineage.of(
                        spec.spec(),
                        manifest.getTopicId(),
                        manifest.getBases().size(),
                        manifest.getRoot(),
                        without(manifest),
                        older(manifest),
                        erased(manifest))
                .equals(manifest.getLineage());
    }

    private static List<FeatureSet> older(Manifest manifest) {
        return manifest.getFeatureSets().stream()
                .map(text -> FeatureSet.parse("an older one", text))
                .toList();
    }

    private static Erasures erased(Manifest manifest) {
        return manifest.getErased() == null ? Erasures.NONE : Erasures.of(manifest.getErased());
    }

    private static Exclusions without(Manifest manifest) {
        return Exclusions.of(manifest.getExcluded());
    }

    /** From the lineage's own first base, or where it was imported. */
    private static RootBase.@Nullable Content root(
            KnownLineage lineage, String digest, int partitions, Optional<Bases> bases) {
        if (bases.isEmpty()) {
            return null;
        }
        SnapshotStore store = bases.get().store();
        for (int shard = 0; shard < partitions; shard++) {
            BaseName name = new BaseName(lineage.model(), lineage.id(), shard, 0);
            RootBase.Content found = read(() -> store.open(name), name.toString(), digest);
            if (found != null) {
                return found;
            }
        }
        String imported = ModelImport.uri(bases.get().uri(), digest);
        return read(() -> store.open(imported), imported, digest);
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    private static RootBase.@Nullable Content read(Opening opening, String name, String digest) {
        try (InputStream in = opening.open()) {
            return RootBase.read(in, name, digest);
        } catch (NoSuchFileException | IllegalArgumentException | MalformedSnapshotException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
