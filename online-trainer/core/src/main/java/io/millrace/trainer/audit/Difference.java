package io.millrace.trainer.audit;

/**
 * Something that is not as the log implies.
 *
 * @param kind what kind of thing
 * @param offset where: of a version its own offset, of a record its place in its topic
 * @param expected what the log implies
 * @param found what stands there
 * @param text the whole of it, in a sentence
 */
public record Difference(Kind kind, long offset, String expected, String found, String text) {
    /** What can differ. */
    public enum Kind {
        /** The digest of a version. */
        DIGEST,
        /** How many examples a version says it has learned. */
        EXAMPLES,
        /** Two publications of one version do not agree. */
        DISAGREEING,
        /** No example ends at the version's offset. */
        NO_SUCH_VERSION,
        /** The version has learned what the log does not hold. */
        BEYOND_LOG,
        /** Between two versions there is no delta that leads from one to the other. */
        MISSING_VERSION,
        /** A published record is not what such a record can be. */
        MALFORMED,
        /** A base file is damaged, or not there although the newest manifest names it. */
        FILE,
        /** An example of a slot that has one. */
        REPEATED_EXAMPLE,
        /** A correction of a slot that has no example before, or of a label that it does not have. */
        BASELESS_CORRECTION
    }
}
