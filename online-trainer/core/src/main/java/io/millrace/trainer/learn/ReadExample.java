package io.millrace.trainer.learn;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.ExampleView;
import io.millrace.wire.Problem;
import org.jspecify.annotations.Nullable;

/** A record and what became of it: an instance, or a problem. Refilled again and again. Not thread-safe. */
final class ReadExample {
    private final ExampleView view = new ExampleView();
    private final Instance instance = new Instance();
    private final FeatureVector features;
    private @Nullable Problem problem;
    private boolean hasSubject;
    private long subject;

    ReadExample(PipelineSpec spec) {
        this.features = new FeatureVector(spec.featureSet());
    }

    ExampleView view() {
        return view;
    }

    Instance instance() {
        return instance;
    }

    FeatureVector features() {
        return features;
    }

    /** Whether the vector, of whichever feature set it was logged, says for whom was decided. */
    boolean hasSubject() {
        return hasSubject;
    }

    /** Hash of the subject, where there is one. */
    long subject() {
        return subject;
    }

    /** @param logged the vector as it was logged: the subject comes first */
    void setSubject(FeatureVector logged) {
        hasSubject = logged.isPresent(0);
        subject = hasSubject ? logged.hash(logged.from(0)) : 0;
    }

    /** Why there is no instance, if so. */
    @Nullable
    Problem problem() {
        return problem;
    }

    void setProblem(@Nullable Problem problem) {
        this.problem = problem;
    }
}
