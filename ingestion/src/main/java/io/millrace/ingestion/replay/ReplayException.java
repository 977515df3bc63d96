package io.millrace.ingestion.replay;

/** Kafka did not take a record within the producer's delivery timeout. A replay from {@link #resumeLine()} may help. */
public final class ReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long resumeLine;

    ReplayException(String file, long resumeLine, Throwable cause) {
        super(
                file + ", line " + resumeLine + ": not taken by Kafka, " + cause.getMessage()
                        + " (expected: acknowledged; start again from this line)",
                cause);
        this.resumeLine = resumeLine;
    }

    /** The first line that may not be in Kafka. */
    public long resumeLine() {
        return resumeLine;
    }
}
