package io.millrace.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LearnBenchmarkTest {
    @Test
    void learnsAnExampleACall() {
        LearnBenchmark benchmark = new LearnBenchmark();
        benchmark.learner = "ftrl";
        benchmark.bits = 10;
        benchmark.features = 1000;
        benchmark.start();
        try {
            assertThat(benchmark.learn()).isEqualTo(1);
            assertThat(benchmark.learn()).isEqualTo(2);
        } finally {
            benchmark.stop();
        }
    }
}
