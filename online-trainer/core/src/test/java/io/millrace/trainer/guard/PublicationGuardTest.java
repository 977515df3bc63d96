package io.millrace.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.GuardSpec;
import io.millrace.trainer.state.GuardState;
import io.millrace.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationGuardTest {
    private static final GuardSpec SPEC = new GuardSpec(0.5, 1000);

    private final PublicationGuard guard = new PublicationGuard(SPEC);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void holdsNothingOfAnOrdinaryStream(long seed) {
        assertThat(heldOf(clicks(new Random(seed), i -> 0.2, 100_000))).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void holdsNothingForChanceWhereClicksAreRare(long seed) {
        PublicationGuard strict = new PublicationGuard(new GuardSpec(0.01, 1000));
        int held = 0;
        for (double loss : clicks(new Random(seed), i -> 0.005, 200_000)) {
            strict.add(loss, 1);
            held += strict.isHeld() ? 1 : 0;
        }
        assertThat(held).isZero();
    }

    @Test
    void holdsNothingWhereTheLossDriftsSlowlyOrHasARhythm() {
        Random random = new Random(7);
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            double level = 0.3 + 0.2 * Math.sin(i * 2 * Math.PI / 15_000) + i * 1e-5;
            losses.add(level * (0.5 + random.nextDouble()));
        }
        assertThat(heldOf(losses)).isZero();
    }

    @Test
    void takesWhatFollowsAnEasyStretchForNoWorseThanWhatWentBefore() {
        add(20_000, 0.3);
        add(15_000, 0.001);
        assertThat(guard.reference()).isEqualTo(0.3, within());
        add(5_000, 0.3);
        assertThat(guard.isHeld()).isFalse();
    }

    @Test
    void holdsPoisonBeforeAWindowOfItIsOverAndLetsGoAWindowAfterIt() {
        add(10_000, 0.3);
        assertThat(heldAfter(1.2, 1000)).isEqualTo(200);
        add(3_000, 1.2);
        assertThat(guard.isHeld()).isTrue();
        assertThat(guard.reference()).isEqualTo(0.3, within());
        assertThat(guard.loss()).isEqualTo(1.2, within());
        assertThat(guard.limit()).isEqualTo(0.45, within());
        assertThat(releasedAfter(0.3, 2000)).isEqualTo(900);
    }

    @Test
    void neverTakesWhatIsHeldForGood() {
        add(10_000, 0.3);
        add(500_000, 0.6);
        assertThat(guard.isHeld()).isTrue();
        assertThat(guard.reference()).isEqualTo(0.3, within());
    }

    @Test
    void doesNotTakeTheBeginningOfWhatIsBadForGood() {
        add(10_000, 0.3);
        for (double level = 0.31; level < 0.6; level += 0.01) {
            add(100, level);
        }
        assertThat(guard.isHeld()).isTrue();
        assertThat(guard.reference()).isEqualTo(0.3, within());
    }

    @Test
    void holdsAtOnceWhatIsNoNumberEvenBeforeAnythingIsKnownAndLetsGoWhenItHasPassed() {
        add(50, 0.3);
        guard.add(Double.NaN, 1);
        add(49, 0.3);
        assertThat(guard.isHeld()).isTrue();
        assertThat(guard.loss()).isNaN();
        assertThat(releasedAfter(0.3, 2000)).isEqualTo(1000);
        guard.add(Double.POSITIVE_INFINITY, 1);
        add(99, 0.3);
        assertThat(guard.isHeld()).isTrue();
    }

    @Test
    void weighsLossesByImportance() {
        add(10_000, 0.3);
        for (int i = 0; i < 1000; i++) {
            guard.add(i % 2 == 0 ? 3 : 0.3, i % 2 == 0 ? 0.001 : 1);
        }
        assertThat(guard.isHeld()).isFalse();
        for (int i = 0; i < 1000; i++) {
            guard.add(i % 2 == 0 ? 3 : 0.3, i % 2 == 0 ? 1 : 0.001);
        }
        assertThat(guard.isHeld()).isTrue();
    }

    @Test
    void isHappyWithExamplesOfNoWeight() {
        for (int i = 0; i < 5000; i++) {
            guard.add(1, 0);
        }
        assertThat(guard.isHeld()).isFalse();
    }

    @Test
    void goesOnFromItsStateAsIfNothingHadHappened() {
        long seed = 11;
        Random random = new Random(seed);
        PublicationGuard other = new PublicationGuard(SPEC);
        Codec<GuardState> codec = Codec.of(GuardState.class);
        for (int i = 0; i < 60_000; i++) {
            double loss = random.nextDouble() * (i / 7_000 % 2 == 0 ? 1 : 3);
            double importance = random.nextInt(3);
            guard.add(loss, importance);
            other.add(loss, importance);
            if (random.nextInt(500) == 0) {
                byte[] state = codec.encode(other.state().build());
                other = new PublicationGuard(SPEC);
                other.restore(codec.decode(state));
            }
            assertThat(other.isHeld()).as("seed %s, example %s", seed, i).isEqualTo(guard.isHeld());
            assertThat(other.state().build()).isEqualTo(guard.state().build());
        }
    }

    @Test
    void remembersWhatWasGoodAndThatItHeldWhenItsWindowIsChanged() {
        add(10_000, 0.3);
        add(1000, 1.2);
        PublicationGuard other = new PublicationGuard(new GuardSpec(0.5, 500));
        other.restore(guard.state().build());
        assertThat(other.isHeld()).isTrue();
        assertThat(other.reference()).isEqualTo(0.3, within());
        for (int i = 0; i < 500; i++) {
            other.add(0.3, 1);
        }
        assertThat(other.isHeld()).isFalse();
    }

    private void add(int count, double loss) {
        for (int i = 0; i < count; i++) {
            guard.add(loss, 1);
        }
    }

    private int heldAfter(double loss, int most) {
        return changesAfter(loss, most, true);
    }

    private int releasedAfter(double loss, int most) {
        return changesAfter(loss, most, false);
    }

    private int changesAfter(double loss, int most, boolean to) {
        for (int i = 1; i <= most; i++) {
            guard.add(loss, 1);
            if (guard.isHeld() == to) {
                return i;
            }
        }
        throw new AssertionError("held: " + !to + " after " + most + " examples (expected: " + to + ")");
    }

    private int heldOf(List<Double> losses) {
        int held = 0;
        for (double loss : losses) {
            guard.add(loss, 1);
            held += guard.isHeld() ? 1 : 0;
        }
        return held;
    }

    /** Log-losses of who knows each probability. */
    private static List<Double> clicks(Random random, IntToDoubleFunction rate, int count) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double p = rate.applyAsDouble(i);
            losses.add(-Math.log(random.nextDouble() < p ? p : 1 - p));
        }
        return losses;
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-9);
    }
}
