package io.millrace.trainer.learn;

import java.util.List;

/**
 * One of the linear members of {@code auto}.
 *
 * @param name in reports
 * @param variance of a weight before anything is known: how far a first step goes
 * @param relaxation by which a weight's variance returns towards that with each occurrence: above 0, steps never become small
 * @param decay of a weight with each occurrence: above 0, what is old is forgotten
 */
record AutoMember(String name, float variance, float relaxation, float decay) {
    /** Chosen once, on flights, elec2, sine1, MovieLens, Open Bandit, rcv1 and synthetic streams, for all data. */
    static final List<AutoMember> ALL = List.of(
            new AutoMember("steady 0.01", 0.01f, 0, 0),
            new AutoMember("steady 0.03", 0.03f, 0, 0),
            new AutoMember("steady 0.1", 0.1f, 0, 0),
            new AutoMember("tracking 0.3", 0.3f, 0.01f, 0),
            new AutoMember("tracking 1", 1, 0.01f, 0),
            new AutoMember("forgetting 1", 1, 0.01f, 0.01f),
            new AutoMember("strong 3", 3, 1e-4f, 0));
}
