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

/**
 * The last labels that a model has seen, as a file beside it: a head with their number and a checksum of them and of the
 * model's lineage, and a line a label.
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
     * @param least how many labels there must be; where none must, the file may be missing
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
        if (lines.isEmpty() || !lines.get(0).startsWith(HEAD)) {
            throw new StartException(new Problem(
                            "--from: " + file + ", line 1",
                            lines.isEmpty() ? "empty" : lines.get(0),
                            "how many labels, and their checksum, as --save wrote it: " + HEAD
                                    + "3 labels, SHA-256 ...")
                    .toString());
        }
        List<Double> labels = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            labels.add(label(file, i + 1, lines.get(i)));
        }
        String head = lines.get(0);
        if (!head.equals(head(lines.subList(1, lines.size()), lineage))) {
            throw new StartException(new Problem(
                            "--from: " + file,
                            labels.size() + " labels, changed since they were saved",
                            "as --save wrote it: " + head.substring(HEAD.length()) + ", of this model")
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
