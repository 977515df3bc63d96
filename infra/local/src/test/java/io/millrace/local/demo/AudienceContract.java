package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every audience promises. */
abstract class AudienceContract {
    static final int RUN = 600;

    /** A fresh audience that can make at least {@link #RUN} requests. */
    abstract Audience open(long seed) throws Exception;

    /** A slate that depends on nothing but the request. */
    static List<String> slate(Request request) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < request.candidates().size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(request.number()));
        return order.stream().limit(request.slots()).map(request::item).toList();
    }

    static List<Request> run(Audience audience, int requests) {
        List<Request> asked = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Request request = audience.next().orElseThrow();
            asked.add(request);
            audience.shown(request.number(), slate(request));
        }
        return asked;
    }

    @Test
    void asksTheSameAgainWithTheSameSeed() throws Exception {
        assertThat(run(open(7), RUN)).isEqualTo(run(open(7), RUN));
        assertThat(run(open(7), RUN)).isNotEqualTo(run(open(8), RUN));
    }

    @Test
    void numbersItsRequestsAndKnowsTheirIdsAgain() throws Exception {
        Audience audience = open(3);
        List<Request> requests = run(audience, 100);
        for (int n = 0; n < 100; n++) {
            assertThat(requests.get(n).number()).isEqualTo(n);
            assertThat(requests.get(n).id()).isEqualTo("demo-" + audience.name() + "-3-" + n);
            assertThat(audience.numberOf(requests.get(n).id())).hasValue(n);
        }
        assertThat(open(4).numberOf(requests.get(5).id())).isEmpty();
        assertThat(audience.numberOf("demo-" + audience.name() + "-3-007")).isEmpty();
        assertThat(audience.numberOf("somebody else's")).isEmpty();
    }

    @Test
    void asksTheSameWhateverTheOrderInWhichAnswersCome() throws Exception {
        List<Request> inOrder = run(open(1), RUN);
        for (long order = 0; order < 5; order++) {
            Random random = new Random(order);
            Audience audience = open(1);
            List<Request> asked = new ArrayList<>();
            List<Request> inFlight = new ArrayList<>();
            while (asked.size() < RUN) {
                boolean answer = !audience.ready() || !inFlight.isEmpty() && random.nextInt(10) < 5;
                if (answer) {
                    Request request = inFlight.remove(random.nextInt(inFlight.size()));
                    audience.shown(request.number(), slate(request));
                } else {
                    Request request = audience.next().orElseThrow();
                    asked.add(request);
                    inFlight.add(request);
                }
            }
            assertThat(asked).as("order %d", order).isEqualTo(inOrder);
        }
    }

    @Test
    void goesOnAfterAReplayAsIfNothingHadHappened() throws Exception {
        List<Request> undisturbed = run(open(2), RUN);
        Audience before = open(2);
        Map<Long, List<String>> logged = new HashMap<>();
        Random random = new Random(5);
        for (int n = 0; n < RUN / 2; n++) {
            Request request = before.next().orElseThrow();
            before.shown(request.number(), slate(request));
            if (n < RUN / 2 - 40 || random.nextBoolean()) {
                logged.put(request.number(), slate(request));
            }
        }

        Audience after = open(2);
        List<Request> asked = new ArrayList<>();
        for (int n = 0; n < RUN; n++) {
            Request request = after.next().orElseThrow();
            asked.add(request);
            List<String> answer = logged.getOrDefault(request.number(), slate(request));
            after.shown(request.number(), answer);
        }

        assertThat(asked).isEqualTo(undisturbed);
        assertThat(after.due(Long.MAX_VALUE)).isEqualTo(reactions(open(2)));
    }

    private static List<Reaction> reactions(Audience audience) {
        run(audience, RUN);
        return audience.due(Long.MAX_VALUE);
    }

    @Test
    void letsAtMostSixtyFourRequestsBeInFlight() throws Exception {
        Audience audience = open(1);
        List<Request> inFlight = new ArrayList<>();
        for (int i = 0; i < Audience.IN_FLIGHT; i++) {
            inFlight.add(audience.next().orElseThrow());
        }
        assertThat(audience.ready()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(audience::next)
                .withMessage("request 64: asked while request 0 has no slate (expected: at most 64 in flight)");
        audience.shown(1, slate(inFlight.get(1)));
        assertThat(audience.ready()).isFalse();
        audience.shown(0, List.of());
        assertThat(audience.ready()).isTrue();
        assertThat(audience.next().orElseThrow().number()).isEqualTo(64);
    }

    @Test
    void reactsOnceToEverySlotWhenItIsKnownAndNeverBeforeTheDecision() throws Exception {
        Audience audience = open(1);
        Map<Long, Request> requests = new HashMap<>();
        Map<Long, Exposure> exposures = new HashMap<>();
        List<Reaction> reactions = new ArrayList<>();
        int slots = 0;
        for (int i = 0; i < RUN; i++) {
            Request request = audience.next().orElseThrow();
            long now = request.timeMicros();
            List<Reaction> due = audience.due(now);
            assertThat(due)
                    .allSatisfy(reaction -> assertThat(reaction.timeMicros())
                            .isBetween(requests.get(reaction.number()).timeMicros(), now));
            reactions.addAll(due);
            requests.put(request.number(), request);
            exposures.put(request.number(), audience.shown(request.number(), slate(request)));
            slots += request.slots();
        }
        assertThat(audience.pending()).isEqualTo(slots - reactions.size());
        reactions.addAll(audience.due(Long.MAX_VALUE));
        assertThat(audience.pending()).isZero();

        Set<String> ids = new HashSet<>();
        for (Reaction reaction : reactions) {
            Request request = requests.get(reaction.number());
            assertThat(ids.add(reaction.id())).isTrue();
            assertThat(reaction.id()).isEqualTo(request.id() + "/" + reaction.slot());
            assertThat(reaction.item()).isEqualTo(slate(request).get(reaction.slot()));
            assertThat(reaction.last()).isTrue();
            assertThat(reaction.value())
                    .isEqualTo(exposures.get(reaction.number()).rewards().get(reaction.slot()));
        }
        assertThat(ids).hasSize(slots);
        assertThat(reactions).isSortedAccordingTo((a, b) -> Long.compare(a.timeMicros(), b.timeMicros()));
    }

    @Test
    void knowsWhatEverySlateWouldHaveEarned() throws Exception {
        for (int i = 0; i < 50; i++) {
            List<Exposure> single = new ArrayList<>();
            int number = i;
            Request request = requestNumber(open(1), number);
            for (int c = 0; c < request.candidates().size(); c++) {
                Audience fresh = open(1);
                requestNumber(fresh, number);
                single.add(fresh.shown(number, List.of(request.item(c))));
            }
            double[] expected =
                    single.stream().mapToDouble(Exposure::expected).sorted().toArray();
            Audience audience = open(1);
            requestNumber(audience, number);
            Exposure exposure = audience.shown(number, slate(request));
            assertThat(exposure.offered())
                    .isCloseTo(Arrays.stream(expected).average().orElseThrow(), within(1e-12));
            assertThat(exposure.best())
                    .isCloseTo(
                            Arrays.stream(expected, expected.length - request.slots(), expected.length)
                                    .average()
                                    .orElseThrow(),
                            within(1e-12));
            assertThat(exposure.expected()).isBetween(0.0, exposure.best() + 1e-12);
        }
    }

    private static Request requestNumber(Audience audience, int number) {
        run(audience, number);
        return audience.next().orElseThrow();
    }

    @Test
    void refusesSlatesThatItWasNotAskedFor() throws Exception {
        Audience audience = open(1);
        Request request = audience.next().orElseThrow();
        String item = request.item(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.shown(0, List.of("nothing")))
                .withMessage("item: nothing (expected: one of the candidates of request " + request.id() + ")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.shown(0, List.of(item, item)))
                .withMessageContaining("(expected: different items)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.shown(1, List.of(item)))
                .withMessage("request number: 1 (expected: one without a slate)");
        audience.shown(0, List.of(item));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> audience.shown(0, List.of(item)))
                .withMessage("request number: 0 (expected: one without a slate)");
    }

    @Test
    void reactsToNothingWhereARequestWasGivenUp() throws Exception {
        Audience audience = open(1);
        audience.next();
        assertThat(audience.shown(0, List.of()).shown()).isZero();
        assertThat(audience.due(Long.MAX_VALUE)).isEmpty();
    }
}
