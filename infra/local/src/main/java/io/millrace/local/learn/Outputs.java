package io.millrace.local.learn;

import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

    /** Standard output, as of input. */
    private static final Path STANDARD_OUTPUT = Path.of("-");

    private Outputs() {}

    /** Whether data go to standard output: then nothing else may. */
    static boolean isStandard(@Nullable Path path) {
        return STANDARD_OUTPUT.equals(path);
    }

    /** Standard output, which outlives whoever closes this; unlike that of {@link System} it says when it cannot be written to. */
    static OutputStream standard() {
        return new FilterOutputStream(new FileOutputStream(FileDescriptor.out)) {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                out.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /** Writes a text to a file, or to standard output. */
    static void write(Path path, String text) throws IOException {
        if (isStandard(path)) {
            standard().write(text.getBytes(StandardCharsets.UTF_8));
        } else {
            Files.writeString(path, text);
        }
    }

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
        if (options.predictions() != null && !isStandard(options.predictions())) {
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
        if (isStandard(one) || isStandard(other)) {
            return one.equals(other);
        }
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
