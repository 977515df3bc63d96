package io.millrace.ingestion.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void admitsExactlyWhatFitsBothBounds() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Admission admission = new Admission(5, 100);
            Deque<Admission.Ticket> tickets = new ArrayDeque<>();
            Deque<Long> sizes = new ArrayDeque<>();
            for (int step = 0; step < 500; step++) {
                if (random.nextBoolean() || tickets.isEmpty()) {
                    long size = random.nextLong(40);
                    long used = sizes.stream().mapToLong(Long::longValue).sum();
                    Optional<Admission.Ticket> ticket = admission.admit(size);
                    assertThat(ticket.isPresent())
                            .as("seed " + seed + ", step " + step)
                            .isEqualTo(sizes.size() < 5 && used + size <= 100);
                    if (ticket.isPresent()) {
                        long actual = random.nextLong(size + 1);
                        ticket.get().shrinkTo(actual);
                        tickets.add(ticket.get());
                        sizes.add(actual);
                    }
                } else {
                    tickets.remove().giveBack();
                    sizes.remove();
                }
                assertThat(admission.inFlight()).isEqualTo(sizes.size());
            }
        }
    }
}
