package io.millrace.features.join;

/** What became of feedback whose decision is here. */
sealed interface Verdict {
    /** It was added to its slot. */
    record Taken() implements Verdict {}

    /** It comes from beyond the window, and waits until the label is closed. */
    record Held() implements Verdict {}

    /** It becomes a dead letter. */
    record Refused(JoinCount as, String reason) implements Verdict {}
}
