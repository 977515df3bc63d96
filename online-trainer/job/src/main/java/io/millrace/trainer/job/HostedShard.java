package io.millrace.trainer.job;

import io.millrace.features.spec.GuardSpec;
import io.millrace.record.ShardBase;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A shard's learner in the task that hosts it, and when its base was last written. Used by the task's thread. */
final class HostedShard implements AutoCloseable {
    private static final long NONE = -1;

    private final ShardLearner learner;
    private final Showing showing;
    private final CutPace pace = new CutPace();
    private long baseOffset;
    private long baseMillis;
    private @Nullable Future<ShardBase> pending;
    private boolean allUnsaved;

    /**
     * @param guard when versions are held back; null for never
     * @param allUnsaved whether no checkpoint holds anything of the learner, although its rows are not zero
     */
    HostedShard(ShardLearner learner, @Nullable GuardSpec guard, boolean allUnsaved, long nowMillis) {
        this.learner = learner;
        this.showing = new Showing(learner, guard);
        this.allUnsaved = allUnsaved;
        this.baseMillis = nowMillis;
    }

    ShardLearner learner() {
        return learner;
    }

    /** Which of its versions are shown. */
    Showing showing() {
        return showing;
    }

    /** When its versions are cut. */
    CutPace pace() {
        return pace;
    }

    /** Copies of the blocks that no checkpoint holds as they are; the next one must hold them. */
    List<RowBlock> takeUnsavedBlocks() {
        List<RowBlock> dirty = learner.takeDirtyBlocks();
        if (!allUnsaved) {
            return dirty;
        }
        allUnsaved = false;
        return learner.copyBlocks();
    }

    /** Whether it has learned something that no base holds and that may be shown, and the interval is over. */
    boolean isBaseDue(long nowMillis, long intervalMillis) {
        return pending == null
                && !showing.isHeld()
                && learner.offset() > baseOffset
                && nowMillis - baseMillis >= intervalMillis;
    }

    /** Has the next base be due: whoever starts from the last one may find that the deltas after it are gone. */
    void hastenBase() {
        baseMillis = Long.MIN_VALUE / 2;
    }

    /** Begins to write the shard as it is. */
    void write(BaseWriter writer, long nowMillis) {
        pending = writer.write(learner.header(), learner.copyBlocks());
        baseOffset = learner.offset();
        baseMillis = nowMillis;
    }

    /**
     * The base whose writing has come to an end since the last call.
     *
     * @throws ExecutionException if it could not be written
     */
    Optional<ShardBase> written() throws ExecutionException, InterruptedException {
        Future<ShardBase> done = pending;
        if (done == null || !done.isDone()) {
            return Optional.empty();
        }
        pending = null;
        try {
            return Optional.of(done.get());
        } catch (ExecutionException e) {
            baseOffset = NONE;
            throw e;
        }
    }

    @Override
    public void close() {
        learner.close();
    }
}
