package io.millrace.features.spec;

/** What a model predicts, and by which loss it learns. */
public enum Loss {
    /** The probability of a reward above 0; an example with a reward r above 0 weighs r times. */
    LOGISTIC("logistic"),
    /** The mean reward. */
    SQUARED("squared"),
    /** The median reward. */
    ABSOLUTE("absolute"),
    /** The mean of a count: rewards of at least 0, predictions above 0. */
    POISSON("poisson");

    private final String text;

    Loss(String text) {
        this.text = text;
    }

    /** The name used in specs. */
    public String text() {
        return text;
    }
}
