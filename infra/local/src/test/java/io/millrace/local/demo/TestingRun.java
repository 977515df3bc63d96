package io.millrace.local.demo;

import io.millrace.serving.policy.Arm;
import java.util.Random;

/** A short run with known arms, and made-up measurements of the engine. */
final class TestingRun {
    static final Measured MEASURED = new Measured(
            1_234,
            new Measured.Progressive(1_200, 0.5, 0.9, 0.7, Double.NaN),
            new Measured.Quantiles(142, 480, 1_100),
            new Measured.Quantiles(140, 470, 400),
            new Measured.Quantiles(143, 481, 700),
            new Measured.Quantiles(1.25, 12_345, 1_300),
            new Measured.Model("0123456789abcdef", 1_200, "ab12cd34ef56ab12", 1 << 20, 345),
            61.5);

    final Audience audience;
    final Statistics statistics = new Statistics();

    /** Every tenth decision is the control arm's, every tenth popularity's; all show neighbouring candidates. */
    TestingRun(Audience audience, int decisions) {
        this.audience = audience;
        Random random = new Random(1);
        for (int n = 0; n < decisions; n++) {
            Request request = audience.next().orElseThrow();
            Arm arm = n % 10 == 0 ? Arm.CONTROL : n % 10 == 1 ? Arm.POPULARITY : Arm.LEARNED;
            int first = random.nextInt(request.candidates().size() - request.slots() + 1);
            statistics.add(
                    arm,
                    audience.shown(
                            n,
                            request.candidates().subList(first, first + request.slots()).stream()
                                    .map(candidate -> (String) candidate.get("item"))
                                    .toList()));
        }
    }

    DemoReport report() {
        return DemoReport.of(audience, statistics, MEASURED);
    }
}
