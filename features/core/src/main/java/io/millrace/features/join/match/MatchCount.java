package io.millrace.features.join.match;

/** What is counted of feedback that names no decision. */
public enum MatchCount {
    /** Its decision was found. */
    MATCHED,
    /** Of those, feedback for which more than one request within the window had shown the item: the last one counts. */
    AMBIGUOUS,
    /** It waits for its decision, or for event time. */
    EARLY,
    /** It had arrived before: dropped. */
    REPEATED,
    /** Its decision never came: a dead letter. */
    UNMATCHED,
    /** More than {@link SubjectMatch#MOST} wait for a decision of their pair: a dead letter. */
    EXCESSIVE,
    /** It says for whom, and not which item: a dead letter. */
    WITHOUT_ITEM,
    /** Decisions forgotten before their time, since a pair had more than {@link SubjectMatch#MOST}. */
    CROWDED_OUT
}
