package io.millrace.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.trainer.parameters.ParameterTable;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FtrlStepsTest {
    private static final int WIDTH = 4;

    @ParameterizedTest
    @CsvSource({"0.1,1,0,0,1", "0.5,0,0,0,2", "0.1,1,0.3,0.2,3", "0.05,0,2,0,4", "0.3,0,0.5,1,5"})
    void allCoordinatesAtOnceAreEachOneAlone(double alpha, double beta, double l1, double l2, long seed) {
        Random random = new Random(seed);
        FtrlSettings settings = new FtrlSettings(alpha, beta, l1, l2);
        FtrlSteps all = new FtrlSteps(settings);
        FtrlStep one = new FtrlStep(settings, 0, 1);
        for (int round = 0; round < 2000; round++) {
            int count = 1 + random.nextInt(100);
            int[] indices = IntStream.range(0, count).toArray();
            float[] values = new float[count];
            float[][] columns = new float[WIDTH][count + random.nextInt(9)];
            float[] expected = new float[count * WIDTH];
            float slope = random.nextInt(5) == 0 ? 0 : (float) random.nextGaussian();
            boolean correcting = random.nextInt(4) == 0;
            boolean finite = true;
            try (ParameterTable table = new ParameterTable(count, WIDTH, 1)) {
                for (int i = 0; i < count; i++) {
                    values[i] = value(random);
                    columns[0][i] = (float) random.nextGaussian();
                    columns[1][i] = (float) (2 * random.nextGaussian()) * random.nextInt(3);
                    columns[2][i] = random.nextInt(3) == 0 ? 0 : random.nextFloat() * 10;
                    columns[3][i] = (float) Math.sqrt(columns[2][i]);
                }
                table.write(indices, count, columns);
                for (int i = 0; i < count; i++) {
                    float gradient = slope * values[i];
                    float sum = correcting
                            ? one.correct(table.floats(), (long) i * WIDTH, gradient, expected, i * WIDTH)
                            : one.learn(table.floats(), (long) i * WIDTH, gradient, expected, i * WIDTH);
                    finite &= sum == 0;
                }
            }
            if (correcting) {
                all.correct(slope, values, columns, count);
            } else {
                all.learn(slope, values, columns, count);
            }
            assertThat(FtrlSteps.isFinite(columns, count)).as("seed %s", seed).isEqualTo(finite);
            for (int i = 0; finite && i < count * WIDTH; i++) {
                assertThat(Float.floatToRawIntBits(columns[i % WIDTH][i / WIDTH]))
                        .as("seed %s, column %s", seed, i % WIDTH)
                        .isEqualTo(Float.floatToRawIntBits(expected[i]));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.1,1,0,0,1", "0.5,0,0,0,2", "0.1,1,0.3,0.2,3"})
    void importanceOneIsThePlainStep(double alpha, double beta, double l1, double l2, long seed) {
        Random random = new Random(seed);
        FtrlSteps steps = new FtrlSteps(new FtrlSettings(alpha, beta, l1, l2));
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(50);
            float[] values = new float[count];
            float[][] plain = new float[WIDTH][count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian();
                plain[0][i] = (float) random.nextGaussian();
                plain[1][i] = (float) random.nextGaussian();
                plain[2][i] = random.nextFloat() * 10;
                plain[3][i] = (float) Math.sqrt(plain[2][i]);
            }
            float[][] weighted = new float[WIDTH][];
            for (int c = 0; c < WIDTH; c++) {
                weighted[c] = plain[c].clone();
            }
            float slope = (float) random.nextGaussian();
            steps.learn(slope, values, plain, count);
            float[] grown = new float[count];
            double reach = steps.prepare(slope, 1, values, weighted, grown, count);
            steps.learnWeighted(slope, values, weighted, grown, count);
            assertThat(weighted).as("seed %s", seed).isDeepEqualTo(plain);
            assertThat(reach).isEqualTo(steps.reach(values, plain, count));
        }
    }

    private static float value(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> 1e30f;
            case 1 -> 1e-30f;
            case 2 -> 0;
            default -> random.nextBoolean() ? 1 : (float) random.nextGaussian();
        };
    }
}
