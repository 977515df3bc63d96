package io.millrace.bench.pipeline;

import io.millrace.wire.Problem;

/** The same examples made other weights: nothing that was measured counts. */
public final class WrongWeightsException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    WrongWeightsException(String who, String digest, String expected) {
        super(new Problem("digest of " + who, digest, expected + ", as learned before").toString());
    }
}
