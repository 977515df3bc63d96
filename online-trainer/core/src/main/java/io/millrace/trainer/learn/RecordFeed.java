package io.millrace.trainer.learn;

import io.millrace.record.Erasure;
import io.millrace.record.Example;
import io.millrace.trainer.snapshot.Exclusions;
import io.millrace.wire.Problem;
import io.millrace.wire.WireException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Feeds a shard with the records of its partition as they lie in the log: by their bytes, or, where another version of the
 * schema wrote them, decoded; what is neither an example nor an erasure is rejected. Whoever learns from the log, be it the job
 * or an audit, does it by this. Not thread-safe.
 */
public final class RecordFeed {
    /** Reads a record that was written with a schema which need not be the catalogue's. */
    @FunctionalInterface
    public interface Fallback {
        /**
         * @return an {@link Example} or an {@link Erasure}
         * @throws WireException if it is neither
         */
        SpecificRecord decode(byte[] record);
    }

    private final Fallback fallback;
    private final Exclusions without;

    public RecordFeed(Fallback fallback) {
        this(fallback, Exclusions.NONE);
    }

    /** @param without what the lineage passes over */
    public RecordFeed(Fallback fallback, Exclusions without) {
        this.fallback = fallback;
        this.without = without;
    }

    /** Whether a record is passed over: it is neither learned nor rejected. */
    public boolean passesOver(int shard, long offset) {
        return without.contains(shard, offset);
    }

    /**
     * Has the shard learn a record, of which {@code length} bytes from {@code from} on count. Its version moves past it.
     *
     * @return why it could not be learned, if so
     */
    public Optional<String> learn(ShardLearner learner, long offset, byte[] bytes, int from, int length) {
        if (passesOver(learner.shard(), offset)) {
            learner.passOver(offset);
            return Optional.empty();
        }
        try {
            return learner.learn(offset, bytes, from, length).map(Problem::toString);
        } catch (WireException e) {
            return learnDecoded(learner, offset, Arrays.copyOfRange(bytes, from, from + length));
        }
    }

    private Optional<String> learnDecoded(ShardLearner learner, long offset, byte[] record) {
        SpecificRecord decoded;
        try {
            decoded = fallback.decode(record);
        } catch (WireException e) {
            learner.skip(offset);
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (decoded instanceof Erasure erasure) {
            learner.erase(offset, erasure);
            return Optional.empty();
        }
        return learner.learn(offset, (Example) decoded).map(Problem::toString);
    }
}
