package io.millrace.local.demo;

import io.millrace.wire.Problem;
import java.nio.file.Path;

/** A data file that is missing or not what it should be. The message is one sentence for the user; a retry does not help. */
public final class DemoDataException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DemoDataException(String message) {
        super(message);
    }

    /** A file that is wrong as a whole. */
    static DemoDataException of(String file, String value, String expected) {
        return new DemoDataException(new Problem(file, value, expected).toString());
    }

    static DemoDataException missing(Path file, String expected) {
        return of(file.toString(), "no such file", expected);
    }
}
