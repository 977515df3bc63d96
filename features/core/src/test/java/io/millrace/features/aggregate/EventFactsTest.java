package io.millrace.features.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFactsTest {
    private static Event event(String id, String kind) {
        return new Event(id, kind, 1L, Map.of("user", "u"), Map.of());
    }

    @Test
    void eventsOfTwoKindsAreTwoWhateverTheirIds() {
        long sale = new EventFacts().with(event("log.csv:1:c0ffee", "sale")).id();
        assertThat(new EventFacts().with(event("log.csv:1:c0ffee", "view")).id())
                .isNotEqualTo(sale);
        assertThat(new EventFacts().with(event("log.csv:1:c0ffee", "sale")).id())
                .isEqualTo(sale);
    }
}
