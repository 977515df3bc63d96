package io.millrace.local.cli;

import io.millrace.local.DataDirectory;
import java.nio.file.Path;

/** Where the process writes what it does, as opposed to what it was asked for. */
final class Logs {
    private Logs() {}

    /** Must be called before anything logs. */
    static void to(DataDirectory directory) {
        to(directory.path().resolve("logs"));
    }

    /** The same. */
    static void to(Path logs) {
        System.setProperty("millrace.logs", logs.toString());
    }
}
