package io.millrace.local;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A model that was learned elsewhere, as what a pipeline's model starts from: a copy of its base snapshot in the data
 * directory, named by its digest. The newest import is the root of the lineage that the next start learns.
 */
public final class ModelImport {
    /** Below the models; what is there was learned elsewhere. */
    static final String DIRECTORY = "imported";

    private static final String SUFFIX = ".base";
    private static final String CURRENT = "root";

    /** What two models may differ in and still understand each other's rows: names, and what makes a label. */
    private static final List<String> FREE = List.of("millrace-spec ", "features ", "reward.");

    /**
     * What was taken in.
     *
     * @param leftOut examples that waited for their mini-batch: a lineage begins without any
     */
    public record Imported(String digest, int leftOut) {}

    private final Path base;
    private final SnapshotHeader header;

    private ModelImport(Path base, SnapshotHeader header) {
        this.base = base;
        this.header = header;
    }

    /**
     * Checks a base snapshot; nothing is written.
     *
     * @throws StartException if the file is no base snapshot, or none of a model that the spec describes
     */
    public static ModelImport of(Path base, PipelineSpec spec) throws StartException {
        return new ModelImport(base, check(base, spec));
    }

    /**
     * Takes it into the data directory.
     *
     * @throws StartException if that cannot be written
     */
    public Imported into(DataDirectory directory) throws StartException {
        try {
            Path imports = Files.createDirectories(directory.models().resolve(DIRECTORY));
            Path copy = imports.resolve(header.getDigest() + SUFFIX);
            Path unfinished = imports.resolve(header.getDigest() + ".part");
            Files.copy(base, unfinished, StandardCopyOption.REPLACE_EXISTING);
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Path current = imports.resolve(CURRENT + ".part");
            Files.writeString(current, header.getDigest() + "\n");
            Files.move(
                    current,
                    imports.resolve(CURRENT),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return new Imported(header.getDigest(), header.getPending().size());
        } catch (IOException e) {
            throw new StartException(
                    "import into " + directory.path() + ": " + IoReasons.of(e)
                            + " (expected: a directory with write permission)",
                    e);
        }
    }

    /** What the pipeline's lineage starts from, if something was imported. */
    public static Optional<RootBase> root(DataDirectory directory) throws IOException {
        Path imports = directory.models().resolve(DIRECTORY);
        Path current = imports.resolve(CURRENT);
        if (!Files.exists(current)) {
            return Optional.empty();
        }
        String digest = Files.readString(current).strip();
        return Optional.of(new RootBase(imports.resolve(digest + SUFFIX).toUri().toString(), digest));
    }

    /** Where the import of that digest lies, if it was made there. */
    public static String uri(URI models, String digest) {
        String directory = models.toString();
        return directory + (directory.endsWith("/") ? "" : "/") + DIRECTORY + "/" + digest + SUFFIX;
    }

    private static SnapshotHeader check(Path base, PipelineSpec spec) throws StartException {
        BaseFile read;
        try {
            read = BaseFile.read("import of", base);
        } catch (IOException e) {
            throw new StartException(
                    "import of " + base + ": " + IoReasons.of(e) + " (expected: a base snapshot that can be read)", e);
        }
        SnapshotHeader header = read.header();
        List<String> wanted = binding(Lineage.canonicalSpec(spec));
        List<String> found = binding(header.getSpec());
        if (!wanted.equals(found)) {
            throw new StartException(difference(base, wanted, found).toString());
        }
        try (ShardLearner learner = new ShardLearner(spec, header.getLineage(), 0)) {
            learner.start(header, read.blocks());
        } catch (IllegalArgumentException e) {
            throw new StartException("import of " + base + ": another kind of model: " + e.getMessage(), e);
        }
        return header;
    }

    private static Problem difference(Path base, List<String> wanted, List<String> found) {
        String name = "import of " + base;
        List<String> missing =
                wanted.stream().filter(Predicate.not(found::contains)).toList();
        List<String> surplus =
                found.stream().filter(Predicate.not(wanted::contains)).toList();
        if (missing.isEmpty() && surplus.isEmpty()) {
            return new Problem(name, "features in another order", "the order of the spec");
        }
        return new Problem(
                name,
                surplus.isEmpty() ? "learned without " + String.join("; ", missing) : String.join("; ", surplus),
                missing.isEmpty()
                        ? "nothing of the kind in the spec"
                        : "as the spec says, " + String.join("; ", missing));
    }

    private static List<String> binding(String canonicalSpec) {
        return Stream.of(canonicalSpec.split("\n"))
                .filter(line -> FREE.stream().noneMatch(line::startsWith))
                .map(line -> line.startsWith("shared ") || line.startsWith("candidate ")
                        ? line.substring(line.indexOf(' ') + 1)
                        : line)
                .toList();
    }
}
