package io.millrace.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class CarriedSpecTest {
    @Test
    void arrivesAsItWasSent() throws IOException, ClassNotFoundException {
        LearnJobSettings sent = new LearnJobSettings(
                Recorded.SPEC, URI.create("file:///bases"), "topic-id", 3, null, Duration.ofSeconds(1));
        LearnJobSettings arrived = InstantiationUtil.clone(sent);
        assertThat(arrived.spec()).usingRecursiveComparison().isEqualTo(Recorded.SPEC);
        assertThat(arrived.lineage()).isEqualTo(sent.lineage());
        assertThat(arrived.store()).isEqualTo(sent.store());
    }
}
