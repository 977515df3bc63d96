package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.demo.Statistics.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each audience's spec can be learned: the loop in small, with labels 150 decisions after they are known. */
class LoopSimulationTest {
    private static final int DELAY = 150;
    private static final Path MOVIELENS = Path.of("../../../shared/data/movielens/ml-latest-small");

    private static PipelineSpec spec(Audiences audience) {
        return SpecReader.read(audience.spec(), audience + ".yaml");
    }

    @ParameterizedTest
    @EnumSource
    void shipsAValidSpecWithTheArmsOfTheDemo(Audiences audience) {
        PipelineSpec spec = spec(audience);
        assertThat(spec.pipeline()).isEqualTo(audience.text());
        assertThat(spec.policy().epsilon()).isEqualTo(0.05);
        assertThat(spec.policy().control()).isEqualTo(0.1);
        assertThat(spec.policy().popularity()).isEqualTo(0.1);
    }

    @Test
    void learnsFlights() {
        Audience audience = Audiences.FLIGHTS.open(Optional.empty(), 1);
        Statistics statistics = new LoopSimulation(audience, spec(Audiences.FLIGHTS), DELAY).run(6_000);
        assertThat(statistics.lift().low()).isGreaterThan(1.25);
        assertThat(statistics.liftOverPopularity().value()).isGreaterThan(1);
    }

    @Test
    void learnsSimulatedTastes() {
        Audience audience = Audiences.SIMULATED.open(Optional.empty(), 1);
        Statistics statistics = new LoopSimulation(audience, spec(Audiences.SIMULATED), DELAY).run(10_000);
        Part first = statistics.parts(10).get(0);
        Part last = statistics.parts(10).get(9);
        assertThat(last.regret()).isLessThan(first.regret() / 2).isLessThan(last.uniformRegret() / 4);
    }

    @Test
    void learnsRatings() {
        Assumptions.assumeTrue(Files.isDirectory(MOVIELENS), MOVIELENS + " is not here");
        Audience audience = Audiences.RATINGS.open(Optional.of(MOVIELENS), 1);
        Statistics statistics = new LoopSimulation(audience, spec(Audiences.RATINGS), DELAY).run(20_000);
        assertThat(statistics.lift().low()).isGreaterThan(1.4);
        assertThat(statistics.liftOverPopularity().value()).isGreaterThan(1);
    }
}
