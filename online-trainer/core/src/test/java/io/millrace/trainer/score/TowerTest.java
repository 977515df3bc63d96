package io.millrace.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TowerTest {
    @ParameterizedTest
    @CsvSource({"39,8,2,64,1", "9,8,2,64,2", "3,5,3,10,3", "1,1,1,1,4", "7,3,1,33,5", "39,16,3,100,6", "100,16,2,256,7"
    })
    void aRowComesOutBitByBitTheSameWhereverItStandsAndHoweverManyThereAre(
            int fields, int factors, int layers, int width, long seed) {
        Random random = new Random(seed);
        TowerShape shape = new TowerShape(fields, factors, layers, width);
        try (Tower tower = new Tower(shape)) {
            tower.load(random(random, shape.floats()));
            for (int round = 0; round < 5; round++) {
                float[] row = random(random, shape.inputs());
                double alone = evaluate(tower, row, 1)[0];
                for (int i = 0; i < 40; i++) {
                    int rows = 1 + random.nextInt(i % 10 == 0 ? 1000 : 70);
                    int place = random.nextInt(rows);
                    float[] inputs = random(random, rows * shape.inputs());
                    System.arraycopy(row, 0, inputs, place * shape.inputs(), row.length);
                    assertThat(evaluate(tower, inputs, rows)[place])
                            .as("seed %s, row %s of %s", seed, place, rows)
                            .isEqualTo(alone);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4,3,1,5,1", "4,3,2,5,2", "39,8,3,64,3"})
    void sumsUpWhatItsLayersSay(int fields, int factors, int layers, int width, long seed) {
        Random random = new Random(seed);
        TowerShape shape = new TowerShape(fields, factors, layers, width);
        float[] floats = shape.initial(seed);
        for (int layer = 0; layer < layers; layer++) {
            for (int unit = 0; unit < width; unit++) {
                floats[shape.biases(layer) + unit] = (float) random.nextGaussian();
            }
        }
        try (Tower tower = new Tower(shape)) {
            tower.load(floats);
            int rows = 21;
            float[] inputs = random(random, rows * shape.inputs());
            double[] out = evaluate(tower, inputs, rows);
            for (int row = 0; row < rows; row++) {
                float[] x = Arrays.copyOfRange(inputs, row * shape.inputs(), (row + 1) * shape.inputs());
                assertThat(out[row]).as("seed %s", seed).isCloseTo(naive(shape, floats, x), within(1e-4));
            }
        }
    }

    @Test
    void saysNothingOfNothing() {
        TowerShape shape = new TowerShape(5, 4, 2, 16);
        try (Tower tower = new Tower(shape)) {
            tower.load(shape.initial(3));
            assertThat(evaluate(tower, new float[shape.inputs()], 1)[0]).isZero();
        }
    }

    @Test
    void beginsWithTheVarianceThatKeepsActivationsFromVanishing() {
        TowerShape shape = new TowerShape(50, 8, 1, 256);
        float[] floats = shape.initial(5);
        double sum = 0;
        for (int i = 0; i < shape.biases(0); i++) {
            sum += floats[i] * floats[i];
        }
        assertThat(sum / shape.biases(0)).isCloseTo(2.0 / shape.inputs(), within(1e-4));
        assertThat(floats[shape.biases(0)]).isZero();
        assertThat(floats).isEqualTo(shape.initial(5)).isNotEqualTo(shape.initial(6));
    }

    @Test
    void failsRatherThanReadMemoryThatWasFreed() {
        TowerShape shape = new TowerShape(2, 2, 1, 4);
        Tower tower = new Tower(shape);
        tower.close();
        tower.close();
        assertThatThrownBy(() -> evaluate(tower, new float[4], 1)).hasMessage("matrix: closed (expected: open)");
        assertThatThrownBy(() -> tower.load(new float[shape.floats()])).hasMessage("matrix: closed (expected: open)");
    }

    private static double[] evaluate(Tower tower, float[] inputs, int rows) {
        double[] out = new double[rows];
        tower.evaluate(inputs, rows, out);
        return out;
    }

    private static double naive(TowerShape shape, float[] floats, float[] x) {
        double[] seen = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            seen[i] = x[i];
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            double[] units = new double[shape.width()];
            for (int unit = 0; unit < units.length; unit++) {
                double sum = floats[shape.biases(layer) + unit];
                for (int i = 0; i < seen.length; i++) {
                    sum += floats[shape.weights(layer) + unit * seen.length + i] * seen[i];
                }
                units[unit] = Math.max(0, sum);
            }
            seen = units;
        }
        double sum = 0;
        for (int unit = 0; unit < seen.length; unit++) {
            sum += floats[shape.out() + unit] * seen[unit];
        }
        return sum;
    }

    private static float[] random(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }
}
