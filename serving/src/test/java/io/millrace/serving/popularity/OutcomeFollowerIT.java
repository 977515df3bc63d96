package io.millrace.serving.popularity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.DeadLetter;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.serving.TestingServing;
import io.millrace.serving.TestingSpecs;
import io.millrace.testkit.TestingKafka;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomeFollowerIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final PipelineSpec byStudio =
            TestingSpecs.movies("{control: 0.1, popularity: {share: 0.1, by: studio}}", 0);
    private final PipelineSpec byItem = TestingSpecs.movies();
    private final long pixar = FeatureHash.of("studio").hash("pixar");

    private static byte[] outcome(String item, boolean closed, double reward, long featureSetVersion, byte[] features) {
        return outcome(item, closed, reward, featureSetVersion, features, null);
    }

    private static byte[] correction(
            String item, double wrong, double right, long closedMicros, long featureSetVersion, byte[] features) {
        return outcome(item, false, right, featureSetVersion, features, new ReplacedLabel(wrong, closedMicros));
    }

    private static byte[] outcome(
            String item,
            boolean closed,
            double reward,
            long featureSetVersion,
            byte[] features,
            @Nullable ReplacedLabel replaced) {
        return Codec.of(Outcome.class)
                .encode(new Outcome(
                        "f",
                        "d",
                        0,
                        item,
                        "u",
                        "control",
                        "click",
                        1.0,
                        closed,
                        reward,
                        0L,
                        0L,
                        "movies",
                        featureSetVersion,
                        ByteBuffer.wrap(features),
                        Map.of(),
                        replaced));
    }

    @Test
    void countsClosedOutcomesOfItsFeatureSetByFeatureOrItem() throws IOException, InterruptedException {
        long version = byStudio.featureSet().version();
        byte[] made = new FeatureVector(byStudio.featureSet())
                .categorical(byStudio.featureSet().indexOf("studio"), pixar)
                .pack();
        byte[] unknown = new FeatureVector(byStudio.featureSet()).pack();
        List<byte[]> sent = List.of(
                outcome("a", true, 1, version, made),
                outcome("b", false, 1, version, made),
                outcome("b", true, 0, version + 1, made),
                "garbage".getBytes(StandardCharsets.UTF_8),
                outcome("b", true, 1, version, new byte[] {1}),
                outcome("b", true, 0, version, made),
                outcome("a", true, 0, version, unknown),
                correction("b", 5, 0, -1, version, made),
                correction("b", 0, 3, 0, version, made));
        double prior = 4.0 / 3;
        RewardRates studios = new RewardRates();
        RewardRates items = new RewardRates();
        try (TestingKafka kafka = TestingKafka.start(1);
                Producer<byte[], byte[]> producer = kafka.producer()) {
            DeadLetters letters = new DeadLetters("serving", kafka.settings(), producer, Clock.systemUTC());
            try (OutcomeFollower first = OutcomeFollower.start(byStudio, kafka.settings(), letters, () -> {}, studios);
                    OutcomeFollower second =
                            OutcomeFollower.start(byItem, kafka.settings(), letters, () -> {}, items)) {
                assertThat(first).isNotSameAs(second);
                sent.forEach(value -> producer.send(new ProducerRecord<>(Topic.OUTCOMES.text(), value)));
                TestingServing.await(
                        "three outcomes, one put right",
                        SOON,
                        () -> studios.prior() == prior && items.prior() == prior);
                assertThat(kafka.read(Topic.DEAD_LETTERS, SOON, records -> records.size() == 4).stream()
                                .map(record -> Codec.of(DeadLetter.class).decode(record.value()))
                                .map(DeadLetter::getOffset))
                        .containsExactlyInAnyOrder(3L, 3L, 4L, 4L);
            }
        }
        assertThat(studios.count()).isEqualTo(3);
        assertThat(items.count()).isEqualTo(3);
        assertThat(studios.rate(pixar, prior)).isEqualTo((4 + prior * 20) / 22);
        assertThat(items.rate(FeatureHash.of("item").hash("b"), prior)).isEqualTo((3 + prior * 20) / 21);
    }
}
