package io.millrace.local.learn;

import io.millrace.wire.Problem;

/**
 * A row that made the learner's numbers infinite; the message names file, line and number, and what is conspicuous of the row.
 * What was learned before is sound.
 */
public final class DivergedRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedRowException(String file, long line, Problem problem, String of) {
        super(file + ", line " + line + ": " + problem + "; " + of);
    }
}
