package io.millrace.local.cli;

import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file that {@code --report} names. */
final class ReportFile {
    private ReportFile() {}

    /**
     * Writes a report, if one is wanted.
     *
     * @throws StartException if the file cannot be written
     */
    static void write(@Nullable Path file, String json) throws StartException {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new StartException(
                    "--report: " + file + ": " + IoReasons.of(e) + " (expected: a file that can be written)", e);
        }
    }
}
