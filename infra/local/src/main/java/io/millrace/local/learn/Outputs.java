package io.millrace.local.learn;

import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run writes, beside what it reads and what else it writes: no two of them may be one file. */
final class Outputs {
    /** A file that a flag names. */
    private record Named(String flag, Path path) {}

    private Outputs() {}

    /**
     * Opens nothing. A directory that is saved to may be the one that was started from; what is no file but a device or a
     * pipe may be written to by any.
     *
     * @throws StartException with every output that would overwrite an input or another output
     */
    static void check(LearnOptions options) throws StartException {
        List<Named> others = inputs(options);
        Map<String, Problem> problems = new LinkedHashMap<>();
        for (Named output : outputs(options)) {
            for (Named other : others) {
                if (!other.flag().equals(output.flag()) && areOne(output.path(), other.path())) {
                    problems.putIfAbsent(
                            output.flag() + other.flag(),
                            new Problem(
                                    output.flag(),
                                    output.path().toString(),
                                    "another file than that of " + other.flag()));
                }
            }
            others.add(output);
        }
        if (!problems.isEmpty()) {
            throw new StartException(
                    problems.values().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    private static List<Named> inputs(LearnOptions options) {
        List<Named> inputs = new ArrayList<>();
        if (!options.data().toString().equals("-")) {
            inputs.add(new Named("--data", options.data()));
        }
        add("--weights", options.weights(), inputs);
        add("--spec", options.spec(), inputs);
        @Nullable Path from = options.from();
        if (from != null) {
            SavedModel.FILES.forEach(name -> inputs.add(new Named("--from", from.resolve(name))));
        }
        return inputs;
    }

    private static List<Named> outputs(LearnOptions options) {
        List<Named> outputs = new ArrayList<>();
        add("--predictions", options.predictions(), outputs);
        if (options.predictions() != null) {
            add("--predictions", PredictionFile.part(options.predictions()), outputs);
        }
        add("--report", options.report(), outputs);
        @Nullable Path save = options.save();
        boolean isInPlace = save != null && options.from() != null && areOne(save, options.from());
        if (save != null && !isInPlace) {
            SavedModel.FILES.forEach(name -> outputs.add(new Named("--save", save.resolve(name))));
        }
        return outputs;
    }

    private static void add(String flag, @Nullable Path path, List<Named> named) {
        if (path != null) {
            named.add(new Named(flag, path));
        }
    }

    private static boolean areOne(Path one, Path other) {
        if (isNoFile(one) || isNoFile(other)) {
            return false;
        }
        try {
            return Files.exists(one) && Files.exists(other)
                    ? Files.isSameFile(one, other)
                    : real(one).equals(real(other));
        } catch (IOException e) {
            return one.toAbsolutePath()
                    .normalize()
                    .equals(other.toAbsolutePath().normalize());
        }
    }

    private static boolean isNoFile(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /** Where a file is, or would be made. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (Files.exists(absolute)) {
            return absolute.toRealPath();
        }
        @Nullable Path parent = absolute.getParent();
        @Nullable Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        Path place = real(parent);
        Path there = place.resolve(name);
        return Files.isSymbolicLink(there)
                ? place.resolve(Files.readSymbolicLink(there)).normalize()
                : there.normalize();
    }
}
