package io.millrace.features.job.pace;

import java.time.Clock;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source whose backlog is read in step with that of the others of its kind in the same job: whoever has read what was recorded later than
 * what another still has to give waits for it, by a few hundred records at most. A record's timestamp must say when it was recorded. Without that, a topic of small records
 * would be read long before one of large ones, and what belongs together would be far apart.
 *
 * <p>While any reader is in a backlog, Flink is told; {@code execution.checkpointing.interval-during-backlog} is its interval then. In the
 * present nobody waits, and a reader that has nothing to give holds nobody up. State is that of the source within, so a job goes on from the checkpoint of one
 * that had only that.
 */
public final class PacedSource<T, S extends SourceSplit, C> implements Source<T, S, C>, ResultTypeQueryable<T> {
    private static final long serialVersionUID = 1L;

    private final Source<T, S, C> source;
    private final TypeInformation<T> type;
    private final Clock clock;

    /** @param clock what is near to it is the present; must be serialisable */
    public PacedSource(Source<T, S, C> source, TypeInformation<T> type, Clock clock) {
        this.source = source;
        this.type = type;
        this.clock = clock;
    }

    @Override
    public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
        String job = context.metricGroup().getAllVariables().get("<job_id>");
        String place = job + "/" + context.getIndexOfSubtask();
        return new PacedReader<>(
                source.createReader(context),
                Pace.join(place, clock.millis()),
                context::sendSourceEventToCoordinator,
                clock);
    }

    @Override
    public SplitEnumerator<S, C> createEnumerator(SplitEnumeratorContext<S> context) throws Exception {
        return new PacedEnumerator<>(source.createEnumerator(context), context);
    }

    @Override
    public SplitEnumerator<S, C> restoreEnumerator(SplitEnumeratorContext<S> context, C checkpoint) throws Exception {
        return new PacedEnumerator<>(source.restoreEnumerator(context, checkpoint), context);
    }

    @Override
    public SimpleVersionedSerializer<S> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<C> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }
}
