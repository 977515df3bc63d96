package io.millrace.local.backfill;

import java.nio.file.Path;

/** What became of a file's records. */
public final class FileCount {
    private final Path file;
    private long taken;
    private long fromEndOn;
    private long rejected;

    FileCount(Path file) {
        this.file = file;
    }

    void take() {
        taken++;
    }

    void passOver() {
        fromEndOn++;
    }

    void reject() {
        rejected++;
    }

    public Path file() {
        return file;
    }

    public long taken() {
        return taken;
    }

    /** Of the end of the history, or later. */
    public long fromEndOn() {
        return fromEndOn;
    }

    /** What cannot be read. */
    public long rejected() {
        return rejected;
    }

    public long read() {
        return taken + fromEndOn + rejected;
    }
}
