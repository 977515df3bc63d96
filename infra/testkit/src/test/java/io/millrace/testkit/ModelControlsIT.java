package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.ModelControl;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.ModelControls;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class ModelControlsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TestingKafka kafka;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.start(1);
    }

    @AfterAll
    void stop() throws Exception {
        kafka.close();
    }

    private ModelControl change(String model, String reason) throws InterruptedException {
        return ModelControls.<RuntimeException>change(kafka.settings(), model, current -> next(model, reason));
    }

    private static ModelControl next(String model, String reason) {
        return ModelControl.newBuilder()
                .setModel(model)
                .setRevision(0)
                .setReason(reason)
                .setTimeMicros(1)
                .build();
    }

    @Test
    void theLastChangeOfAModelHoldsAndRevisionsCount() throws Exception {
        assertThat(ModelControls.read(kafka.settings(), "a")).isEmpty();
        assertThat(change("a", "one").getRevision()).isEqualTo(1);
        change("b", "other");
        assertThat(change("a", "two").getRevision()).isEqualTo(2);
        assertThat(ModelControls.read(kafka.settings(), "a").orElseThrow().getReason())
                .isEqualTo("two");
        assertThat(ModelControls.readAll(kafka.settings())).containsKeys("a", "b");
    }

    @Test
    void aChangeThatIsBegunLaterShutsOutOneThatIsNotCommittedYet() throws Exception {
        KafkaSettings settings = kafka.settings();
        assertThatThrownBy(() -> ModelControls.<InterruptedException>change(settings, "c", current -> {
                    change("c", "later");
                    return next("c", "earlier");
                }))
                .isInstanceOf(ProducerFencedException.class);
        assertThat(ModelControls.read(settings, "c").orElseThrow().getReason()).isEqualTo("later");
    }

    @Test
    void aChangeThatFailsChangesNothing() throws Exception {
        change("d", "before");
        assertThatThrownBy(() -> ModelControls.<RuntimeException>change(kafka.settings(), "d", current -> {
                    throw new IllegalArgumentException("no");
                }))
                .hasMessage("no");
        assertThat(ModelControls.read(kafka.settings(), "d").orElseThrow().getReason())
                .isEqualTo("before");
    }

    @Test
    void whoFollowsIsToldWhatHoldsAndThenOfEachChange() throws Exception {
        BlockingQueue<Optional<ModelControl>> told = new LinkedBlockingQueue<>();
        try (Follower follower = ModelControls.follow(kafka.settings(), "e", told::add)) {
            assertThat(told.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isEmpty();
            change("e", "first");
            Optional<ModelControl> next = Optional.empty();
            while (next.isEmpty()) {
                next = told.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(next).as("told in time").isNotNull();
            }
            assertThat(next.get().getReason()).isEqualTo("first");
            assertThat(follower).isNotNull();
        }
    }
}
