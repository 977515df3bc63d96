package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NumbersTest {
    @Test
    void readsEveryNumberToTheBitsThatTheJdkDoes() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            String text = randomNumber(random);
            double expected = Double.parseDouble(text);
            double read = Numbers.orNaN("x" + text + "x", 1, 1 + text.length());
            assertThat(Double.doubleToLongBits(read))
                    .as("seed " + seed + ": " + text)
                    .isEqualTo(Double.doubleToLongBits(Double.isFinite(expected) ? expected : Double.NaN));
        }
    }

    private static String randomNumber(SplittableRandom random) {
        StringBuilder text = new StringBuilder(new String[] {"", "-", "+"}[random.nextInt(3)]);
        text.append(random.nextLong(1L << 1 + random.nextInt(62)));
        if (random.nextBoolean()) {
            text.append('.');
            for (int digits = random.nextInt(12); digits > 0; digits--) {
                text.append(random.nextInt(10));
            }
        }
        if (random.nextInt(3) == 0) {
            int most = random.nextBoolean() ? 25 : 1200;
            text.append(random.nextBoolean() ? 'e' : 'E')
                    .append(new String[] {"", "-", "+"}[random.nextInt(3)])
                    .append(random.nextInt(most));
        }
        return text.toString();
    }

    @Test
    void readsNumbersAsPeopleWriteThem() {
        assertThat(Numbers.parse(" 1.5 ")).hasValue(1.5);
        assertThat(Numbers.parse(".5")).hasValue(0.5);
        assertThat(Numbers.parse("5.")).hasValue(5);
        assertThat(Numbers.parse("-0")).hasValue(-0.0);
    }

    @Test
    void readsNothingElse() {
        for (String text : new String[] {
            "",
            " ",
            ".",
            "-",
            "+",
            "e5",
            "1e",
            "1e+",
            "1 2",
            "1.2.3",
            "--1",
            "1-",
            "NaN",
            "Infinity",
            "-inf",
            "0x1p3",
            "1f",
            "1d",
            "1_000",
            "1,5",
            "1e999",
            "1e99999999999",
            "١"
        }) {
            assertThat(Numbers.parse(text)).as(text).isEqualTo(OptionalDouble.empty());
        }
    }
}
