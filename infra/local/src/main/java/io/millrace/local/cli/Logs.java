package io.millrace.local.cli;

import io.millrace.local.DataDirectory;

/** Where the process writes what it does, as opposed to what it was asked for. */
final class Logs {
    private Logs() {}

    /** Must be called before anything logs. */
    static void to(DataDirectory directory) {
        System.setProperty("millrace.logs", directory.path().resolve("logs").toString());
    }
}
