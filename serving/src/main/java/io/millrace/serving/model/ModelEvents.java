package io.millrace.serving.model;

/** What happens to the served model, told on the thread that follows. */
interface ModelEvents {
    /** A version came into use. */
    void serving(ServedModel model, boolean byDelta);

    /** A delta builds on a version that is not here. */
    void gap(String what);

    /** A manifest cannot be served by this process, now or ever. */
    void refused(String why);

    /** A base snapshot could not be read. */
    void unusable(String why);
}
