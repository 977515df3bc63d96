package io.millrace.local.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.BaseFile;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.Lineage;
import io.millrace.trainer.snapshot.RowBlock;
import io.millrace.trainer.state.SnapshotHeader;
import io.millrace.wire.Problem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A directory with a model: {@code spec.yaml}, the spec of a pipeline that it fits, and {@code model.base}, a base snapshot of
 * its one shard; {@code last-labels.txt} where labels are features. The lineage is made of the spec and of the digest of what was learned.
 */
public final class SavedModel {
    static final String SPEC = "spec.yaml";
    static final String BASE = "model.base";

    private static final String PART = BASE + ".part";

    /** The names of all that is written. */
    static final List<String> FILES = List.of(SPEC, BASE, LastLabels.FILE, PART);

    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private final String yaml;
    private final PipelineSpec spec;
    private final SnapshotHeader header;
    private final List<RowBlock> blocks;

    private SavedModel(Path directory, String yaml, PipelineSpec spec, SnapshotHeader header, List<RowBlock> blocks) {
        this.directory = directory;
        this.yaml = yaml;
        this.spec = spec;
        this.header = header;
        this.blocks = blocks;
    }

    /** @throws StartException if there is no such model in the directory */
    static SavedModel read(Path directory) throws StartException {
        Path base = directory.resolve(BASE);
        try {
            BaseFile read = BaseFile.read("--from:", base);
            String yaml = Files.readString(directory.resolve(SPEC));
            PipelineSpec spec = SpecReader.read(yaml, directory.resolve(SPEC).toString());
            return new SavedModel(directory, yaml, spec, read.header(), read.blocks());
        } catch (IOException e) {
            throw new StartException(
                    "--from: " + directory + ": " + IoReasons.of(e) + " (expected: what --save wrote: " + SPEC + " and "
                            + BASE + ")",
                    e);
        }
    }

    String yaml() {
        return yaml;
    }

    PipelineSpec spec() {
        return spec;
    }

    /**
     * The last labels that were learned.
     *
     * @param lags how many are features
     * @throws StartException if they are not those that were saved
     */
    List<Double> labels(int lags) throws StartException {
        if (lags == 0) {
            return List.of();
        }
        try {
            return LastLabels.read(directory, Math.min(lags, header.getExamples()), header.getLineage());
        } catch (IOException e) {
            throw new StartException(
                    "--from: " + directory.resolve(LastLabels.FILE) + ": " + IoReasons.of(e)
                            + " (expected: the last labels, as --save wrote them)",
                    e);
        }
    }

    /**
     * A learner that goes on from it, where the spec is one by which the same is learned; else one that starts with its weights.
     *
     * @throws StartException if the weights are none of such a model
     */
    ShardLearner learner(PipelineSpec by) throws StartException {
        boolean goesOn = Lineage.canonicalSpec(by).equals(header.getSpec());
        ShardLearner learner = new ShardLearner(by, header.getLineage(), header.getShard());
        try {
            if (goesOn) {
                learner.restore(header, blocks);
            } else {
                learner.start(header, blocks);
            }
            return learner;
        } catch (IllegalArgumentException e) {
            learner.close();
            throw new StartException("--from: another kind of model: " + e.getMessage(), e);
        }
    }

    /** How many of the last examples were not learned yet: they wait for their mini-batch to be full. */
    int waiting() {
        return header.getPending().size();
    }

    /**
     * Writes a model that no labels are features of.
     *
     * @param yaml the text of the spec
     * @return how many examples wait for their mini-batch; they are saved as they are
     * @throws StartException if the directory cannot be written
     */
    public static int write(Path directory, String yaml, PipelineSpec spec, ShardLearner learner)
            throws StartException {
        return write(directory, yaml, spec, learner, new Lags(0, 0));
    }

    /**
     * @return how many examples wait for their mini-batch; they are saved as they are
     * @throws StartException if the directory cannot be written
     */
    static int write(Path directory, String yaml, PipelineSpec spec, ShardLearner learner, Lags lags)
            throws StartException {
        SnapshotHeader header = learner.header();
        header.setLineage(Lineage.of(spec, "learned " + learner.digest(), 1, null));
        Path unfinished = directory.resolve(PART);
        try {
            Files.createDirectories(directory);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
                BaseSnapshot.write(out, header, learner.copyBlocks());
            }
            Files.writeString(directory.resolve(SPEC), yaml);
            LastLabels.write(directory, lags.remembered(), header.getLineage());
            Files.move(unfinished, directory.resolve(BASE), StandardCopyOption.REPLACE_EXISTING);
            return header.getPending().size();
        } catch (IOException e) {
            throw new StartException(
                    new Problem("--save", directory + ": " + IoReasons.of(e), "a directory that can be written")
                            .toString(),
                    e);
        }
    }
}
