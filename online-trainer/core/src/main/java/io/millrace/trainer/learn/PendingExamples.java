package io.millrace.trainer.learn;

import io.millrace.record.Example;
import io.millrace.trainer.state.PendingExample;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The examples that a learner holds until their mini-batch is full, as they stood in the log. Not thread-safe. */
final class PendingExamples {
    private record Waiting(long offset, Example example) {}

    private final Codec<Example> codec = Codec.of(Example.class);
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /**
     * Takes note of an example that was given to the learner.
     *
     * @param count how many the learner now holds
     */
    void keep(int count, long offset, Example example) {
        if (count == 0) {
            waiting.clear();
            return;
        }
        waiting.addLast(new Waiting(offset, example));
        while (waiting.size() > count) {
            waiting.removeFirst();
        }
    }

    List<PendingExample> copy() {
        return waiting.stream()
                .map(held -> new PendingExample(held.offset(), ByteBuffer.wrap(codec.encode(held.example()))))
                .toList();
    }

    Example decode(PendingExample pending) {
        ByteBuffer bytes = pending.getExample().duplicate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return codec.decode(copy);
    }
}
