package io.millrace.trainer.learn;

import io.millrace.trainer.state.PendingExample;
import io.millrace.wire.ExampleView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

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
            if (!waiting.isEmpty()) {
                waiting.clear();
            }
            return;
        }
        waiting.addLast(new Waiting(offset, example.encoded()));
        while (waiting.size() > count) {
            waiting.removeFirst();
        }
    }

    int size() {
        return waiting.size();
    }

    int size() {
        return waiting.size();
    }

    List<PendingExample> copy() {
        return waiting.stream()
                .map(held -> new PendingExample(held.offset(), ByteBuffer.wrap(held.example())))
                .toList();
    }
}
