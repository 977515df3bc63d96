package io.millrace.bench.moa;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.contest.Contender;
import io.millrace.bench.contest.ContenderContract;
import io.millrace.bench.data.DataSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MoaContenderTest extends ContenderContract {
    @Override
    protected List<Contender> contenders(DataSet data) {
        return MoaContenders.of(data);
    }

    @Test
    void aProbabilityIsTheShareOfTheVotes() {
        assertThat(MoaContender.probability(new double[] {1, 3})).isEqualTo(0.75);
        assertThat(MoaContender.probability(new double[] {2})).isEqualTo(0);
        assertThat(MoaContender.probability(new double[] {})).isEqualTo(0.5);
        assertThat(MoaContender.probability(new double[] {0, 0})).isEqualTo(0.5);
    }
}
