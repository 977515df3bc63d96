package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedAudienceTest extends AudienceContract {
    @Override
    Audience open(long seed) {
        return new SimulatedAudience(seed, 0.02);
    }

    @Test
    void earnsWhatItSaysItExpects() {
        Audience audience = open(1);
        int requests = 20_000;
        double[] sum = new double[2];
        for (int n = 0; n < requests; n++) {
            Request request = audience.next().orElseThrow();
            Exposure exposure = audience.shown(n, slate(request));
            sum[0] += exposure.reward();
            sum[1] += exposure.expected();
        }
        assertThat(sum[0] / requests).isCloseTo(sum[1] / requests, within(4 * 0.5 / Math.sqrt(requests)));
        assertThat(sum[1] / requests).isBetween(0.1, 0.4);
    }

    @Test
    void offersDifferentItemsWithFixedFeatures() {
        Map<Object, Object> topics = new HashMap<>();
        for (Request request : run(open(1), RUN)) {
            Set<Object> items = new HashSet<>();
            for (Map<String, Object> candidate : request.candidates()) {
                assertThat(items.add(candidate.get("item"))).isTrue();
                Object topic = topics.putIfAbsent(candidate.get("item"), candidate.get("topic"));
                assertThat(topic == null || topic.equals(candidate.get("topic")))
                        .isTrue();
            }
        }
        assertThat(new HashSet<>(topics.values())).hasSize(12);
    }

    @Test
    void keepsItsTasteWithoutDriftAndTurnsItWithDrift() {
        assertThat(correlation(0)).isCloseTo(1, within(1e-9));
        assertThat(correlation(0.1)).isBetween(0.9, 0.999);
        assertThat(correlation(Math.PI / 2)).isBetween(-0.2, 0.5);
    }

    /** Between what a user expects of a topic and format within the first hundred requests and a thousand later. */
    private static double correlation(double drift) {
        Map<String, Double> early = expectations(drift, 0);
        Map<String, Double> late = expectations(drift, 1000);
        List<double[]> both = new ArrayList<>();
        early.forEach((key, value) -> {
            if (late.containsKey(key)) {
                both.add(new double[] {value, late.get(key)});
            }
        });
        assertThat(both).hasSizeGreaterThan(100);
        double[] mean = new double[2];
        both.forEach(pair -> {
            mean[0] += pair[0] / both.size();
            mean[1] += pair[1] / both.size();
        });
        double[] moments = new double[3];
        both.forEach(pair -> {
            moments[0] += (pair[0] - mean[0]) * (pair[0] - mean[0]);
            moments[1] += (pair[1] - mean[1]) * (pair[1] - mean[1]);
            moments[2] += (pair[0] - mean[0]) * (pair[1] - mean[1]);
        });
        return moments[2] / Math.sqrt(moments[0] * moments[1]);
    }

    private static Map<String, Double> expectations(double drift, int from) {
        Audience audience = new SimulatedAudience(3, drift);
        Map<String, Double> expectations = new HashMap<>();
        run(audience, from);
        for (int n = from; n < from + 1000; n++) {
            Request request = audience.next().orElseThrow();
            Map<String, Object> candidate = request.candidates().get(0);
            String key = request.subject() + request.context() + candidate.get("topic") + candidate.get("format");
            double expected = audience.shown(n, List.of(request.item(0))).expected();
            expectations.putIfAbsent(key, expected);
        }
        return expectations;
    }
}
