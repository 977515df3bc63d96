package io.millrace.features.join;

/** What the join counts. */
public enum JoinCount {
    /** Feedback that was added to a slot. */
    MATCHED,
    /** Feedback that came before its decision and waits for it. */
    EARLY,
    /** Feedback that was added to a slot after its label. */
    LATE,
    /** Labels that late feedback changed. */
    CORRECTED,
    /** Slots without a label at the end of their window, since nothing says that anybody saw them. */
    UNEXPOSED,
    /** Examples, and corrections of such, that are not written, since the pipeline's sample leaves them out. */
    SAMPLED_OUT,
    /** Feedback that had arrived before: dropped. */
    REPEATED,
    /** Decisions that had arrived before: dropped. */
    REPEATED_DECISION,
    /** Decisions without examples, since another about the same request counts. */
    SUPERSEDED,
    /** Feedback for a decision that serving answered and could not log, as its id says: a dead letter, at once. */
    UNLOGGED,
    /** Feedback whose decision never came: a dead letter. */
    UNMATCHED,
    /** Feedback or decisions from beyond the time that corrections are taken: a dead letter. */
    EXPIRED,
    /** Feedback for a decision that has had {@value DecisionJoin#MOST_FEEDBACK} already: a dead letter. */
    EXCESSIVE,
    /** Feedback that names no slot of its decision: a dead letter. */
    AMBIGUOUS,
    /** Feedback whose value cannot be added to a reward: a dead letter. */
    INVALID
}
