package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipeline's spec in a file that a flag names. */
final class SpecFile {
    private SpecFile() {}

    static PipelineSpec read(String flag, Path file) throws StartException {
        return SpecReader.read(text(flag, file), file.toString());
    }

    /** The text as it stands there. */
    static String text(String flag, Path file) throws StartException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new StartException(flag + ": " + file + ": " + IoReasons.of(e) + " (expected: a pipeline spec)", e);
        }
    }

    /** The folder in which it stands: files that it names are relative to that. */
    static Path folder(Path file) {
        return file.toAbsolutePath().getParent();
    }
}
