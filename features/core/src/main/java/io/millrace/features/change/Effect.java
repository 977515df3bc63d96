package io.millrace.features.change;

/** What a change of the spec means for a model that has learned by the old one, from the mildest on. */
public enum Effect {
    /** Nothing that is learned depends on it. */
    HARMLESS("harmless", "the lineage stays, and the model with it"),
    /** What was learned keeps its meaning and its place. */
    CONTINUES("continues", "another lineage, which can start from the live model as it is"),
    /** What was learned keeps its meaning, but lies elsewhere in the table, or is written otherwise. */
    CONVERTS("converts", "another lineage, which can start from the live model once its rows are converted"),
    /** Rows mean something else. */
    RELEARNS(
            "relearns",
            "another lineage, and rows mean something else: the log has to be learned again from its beginning"),
    /** Examples that are logged already are none of the new spec, and cannot be made so. */
    IMPOSSIBLE("impossible", "the new spec cannot learn the examples that are logged already");

    private final String text;
    private final String meaning;

    Effect(String text, String meaning) {
        this.text = text;
        this.meaning = meaning;
    }

    /** In one word, as reports have it. */
    public String text() {
        return text;
    }

    /** In one sentence. */
    public String meaning() {
        return meaning;
    }

    /** Whether what the old model knows is of use to the new one. */
    public boolean keepsWeights() {
        return compareTo(RELEARNS) < 0;
    }

    /** Whether the new spec can learn the log from its beginning. */
    public boolean keepsLog() {
        return this != IMPOSSIBLE;
    }
}
