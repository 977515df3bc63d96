package io.millrace.local.backfill;

import java.nio.file.Path;

/** What became of a file's records. */
public final class FileCount {
    private final Path file;
    private long taken;
    private long fromEndOn;
    private long rejected;
    private long undeclared;

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

    void passOverKind() {
        undeclared++;
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

    /** Of kinds that the spec does not declare. */
    public long undeclared() {
        return undeclared;
    }

    /** What cannot be read, or is older than one of its kind may be. */
    public long rejected() {
        return rejected;
    }

    public long read() {
        return taken + fromEndOn + rejected + undeclared;
    }
}
