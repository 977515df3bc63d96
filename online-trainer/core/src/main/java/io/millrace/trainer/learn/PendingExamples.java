package io.millrace.trainer.learn;

import io.millrace.record.Example;
import io.millrace.trainer.state.PendingExample;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.ExampleView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;

/** The examples that a learner holds until their mini-batch is full, as they stood in the log. Not thread-safe. */
final class PendingExamples {
    private record Waiting(long offset, byte[] example) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /**
     * Takes note of an example that was given to the learner.
     *
     * @param count how many the learner now holds
     */
    void keep(int count, long offset, ExampleView example) {
        if (count == 0) {
            clear();
            return;
        }
        waiting.addLast(new Waiting(offset, example.encoded()));
        while (waiting.size() > count) {
            waiting.removeFirst();
        }
    }

    /** The same of one that never was in a log. */
    void keep(int count, long offset, Example example) {
        if (count == 0) {
            clear();
            return;
        }
        ExampleView view = new ExampleView();
        view.show(example);
        keep(count, offset, view);
    }

    private void clear() {
        if (!waiting.isEmpty()) {
            waiting.clear();
        }
    }

    int size() {
        return waiting.size();
    }

    /** Each with its offset, as a single object. */
    void forEach(BiConsumer<Long, byte[]> action) {
        waiting.forEach(held -> action.accept(held.offset(), held.example()));
    }

    /** An example as the log would have it that never was in a log: nobody decided it. */
    static Example example(FeatureVector features, double reward, double weight, long timeMicros) {
        return Example.newBuilder()
                .setDecisionId("")
                .setSlot(0)
                .setFeatureSet(features.set().name())
                .setFeatureSetVersion(features.set().version())
                .setFeatures(ByteBuffer.wrap(features.pack()))
                .setReward(reward)
                .setWeight(weight)
                .setPropensity(1)
                .setArm("")
                .setDecisionTimeMicros(timeMicros)
                .setLabelDelayMicros(0)
                .build();
    }

    List<PendingExample> copy() {
        return waiting.stream()
                .map(held -> new PendingExample(held.offset(), ByteBuffer.wrap(held.example())))
                .toList();
    }
}
