package io.millrace.local.learn;

import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last labels that a model has seen, as a file beside it: a head with their number and a checksum of them and of the
 * model's lineage, and a line a label. Files of earlier versions have no head.
 */
final class LastLabels {
    static final String FILE = "last-labels.txt";

    private static final String HEAD = "# ";
    private static final int HEX_DIGITS = 16;

    private LastLabels() {}

    /** Writes the file, or removes it where there are no labels. */
    static void write(Path directory, List<Double> labels, String lineage) throws IOException {
        Path file = directory.resolve(FILE);
        if (labels.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        List<String> lines =
                new ArrayList<>(labels.stream().map(String::valueOf).toList());
        lines.add(0, head(lines, lineage));
        Files.write(file, lines);
    }

    /**
     * Reads what was written.
     *
     * @param least how many labels there must be
     * @throws StartException if the file is missing, was changed, or is another model's
     */
    static List<Double> read(Path directory, long least, String lineage) throws StartException, IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file) && least == 0) {
            return List.of();
        }
        if (!Files.exists(file)) {
            throw new StartException(Problem.missing("--from: " + file, "the last labels, which are features")
                    .toString());
        }
        List<String> lines = Files.readAllLines(file);
        @Nullable String head = !lines.isEmpty() && lines.get(0).startsWith(HEAD) ? lines.get(0) : null;
        int first = head == null ? 0 : 1;
        List<Double> labels = new ArrayList<>();
        for (int i = first; i < lines.size(); i++) {
            labels.add(label(file, i + 1, lines.get(i)));
        }
        if (head == null ? labels.size() < least : !head.equals(head(lines.subList(1, lines.size()), lineage))) {
            throw new StartException(new Problem(
                            "--from: " + file,
                            labels.size() + " labels, changed since they were saved",
                            head == null
                                    ? "at least " + least
                                    : "as --save wrote it: " + head.substring(HEAD.length()) + ", of this model")
                    .toString());
        }
        return labels;
    }

    private static double label(Path file, int line, String text) throws StartException {
        try {
            double label = Double.parseDouble(text);
            if (Double.isFinite(label)) {
                return label;
            }
        } catch (NumberFormatException e) {
            throw wrong(file, line, text);
        }
        throw wrong(file, line, text);
    }

    private static StartException wrong(Path file, int line, String text) {
        return new StartException(
                new Problem("--from: " + file + ", line " + line, text, "a label, as --save wrote it").toString());
    }

    private static String head(List<String> labels, String lineage) {
        String text = lineage + "\n" + String.join("\n", labels);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HEAD + labels.size() + " labels, SHA-256 "
                    + HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: part of every Java platform)", e);
        }
    }
}
