package io.millrace.features.job;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.aggregate.Router;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.kafka.KafkaSettings;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a topic of what happened into what it means for each entity; a record that is for nobody gives nothing. */
abstract class HitReader<T extends SpecificRecord> extends ArrivalReader<T> {
    private static final long serialVersionUID = 1L;

    private final PipelineSpec spec;
    private transient Router router;

    HitReader(Class<T> type, PipelineSpec spec, KafkaSettings kafka, JoinJobSettings.Patience patience, Clock clock) {
        super(type, kafka, patience, AggregateJob.COMPONENT, clock);
        this.spec = spec;
    }

    @Override
    public void open(InitializationContext context) {
        super.open(context);
        router = new Router(spec);
        open(spec);
    }

    /** Prepares {@link #facts}. */
    abstract void open(PipelineSpec pipeline);

    /**
     * What a record says; none where it is of something else.
     *
     * @throws MalformedVectorException if its features are not those that it says
     */
    abstract Optional<Facts> facts(T value);

    @Override
    void arrive(T value, ConsumerRecord<byte[], byte[]> consumed, Codec<T> codec, Consumer<Arrival> out) {
        Optional<Facts> facts;
        try {
            facts = facts(value);
        } catch (MalformedVectorException e) {
            out.accept(deadLetter(consumed, consumed.value(), String.valueOf(e.getMessage())));
            return;
        }
        if (facts.isEmpty()) {
            return;
        }
        boolean all = router.route(
                facts.get(),
                (group, entity, hits) -> out.accept(new Arrival(
                        Arrival.Kind.HITS,
                        consumed.partition(),
                        consumed.offset(),
                        entity,
                        facts.get().timeMicros(),
                        new PackedHits(group, hits).pack())));
        if (!all) {
            String reason = new Problem(
                            "entities",
                            "more than " + Router.MOST_ENTITIES,
                            "sets with fewer combinations of elements; the other features have it")
                    .toString();
            out.accept(deadLetter(consumed, consumed.value(), reason));
        }
    }
}
