package io.millrace.trainer.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.trainer.snapshot.Digest;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTableTest {
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "255,4,2,2", "256,3,1,3", "1000,4,4,4", "5000,5,3,5"})
    void digestChangesAndBlocksAreThoseOfAPlainArray(int rows, int columns, int served, long seed) {
        Random random = new Random(seed);
        float[] oracle = new float[rows * columns];
        try (ParameterTable table = new ParameterTable(rows, columns, served);
                ParameterTable copy = new ParameterTable(rows, columns, served)) {
            for (int round = 0; round < 30; round++) {
                boolean[] written = new boolean[rows];
                for (int i = random.nextInt(50); i > 0; i--) {
                    int row = random.nextInt(rows);
                    float[] values = new float[columns];
                    for (int c = 0; c < columns && random.nextInt(5) > 0; c++) {
                        values[c] = (float) random.nextGaussian();
                    }
                    table.write(new int[] {row}, 1, values);
                    System.arraycopy(values, 0, oracle, row * columns, columns);
                    written[row] = true;
                }
                assertThat(table.digest()).isEqualTo(digest(oracle, rows, columns));
                if (random.nextBoolean()) {
                    apply(table.takeDirtyBlocks(), copy);
                }
                ParameterTable.Changes changes = table.settle();
                assertThat(table.digest()).isEqualTo(digest(oracle, rows, columns));
                assertThat(changes.rows()).isSorted();
                int next = 0;
                for (int row = 0; row < rows; row++) {
                    if (written[row]) {
                        assertThat(changes.rows()[next]).isEqualTo(row);
                        for (int c = 0; c < served; c++) {
                            assertThat(changes.values()[next * served + c]).isEqualTo(oracle[row * columns + c]);
                        }
                        next++;
                    }
                }
                assertThat(changes.rows()).hasSize(next);
            }
            apply(table.takeDirtyBlocks(), copy);
            assertThat(copy.digest()).isEqualTo(table.digest());
            assertThat(table.takeDirtyBlocks()).isEmpty();
            for (RowBlock block : table.copyBlocks()) {
                int from = block.number() * RowBlock.ROWS * columns;
                float[] padded = new float[RowBlock.ROWS * columns];
                System.arraycopy(oracle, from, padded, 0, Math.min(padded.length, oracle.length - from));
                assertThat(block.bytes())
                        .isEqualTo(
                                RowBlock.pack(block.number(), padded, columns).bytes());
            }
            try (ParameterTable whole = new ParameterTable(rows, columns, served)) {
                apply(table.copyBlocks(), whole);
                for (int i = 0; i < oracle.length; i++) {
                    assertThat(whole.get(i / columns, i % columns)).isEqualTo(oracle[i]);
                    assertThat(copy.get(i / columns, i % columns)).isEqualTo(oracle[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void copiesFollowATableThatGrows(long seed) {
        Random random = new Random(seed);
        int rows = 700;
        try (ParameterTable table = new ParameterTable(rows, 3, 2);
                ParameterTable copy = new ParameterTable(3000, 3, 2)) {
            for (int i = 0; i < 50; i++) {
                table.put(random.nextInt(rows), random.nextInt(3), random.nextFloat() + 1);
            }
            apply(table.takeDirtyBlocks(), copy);
            table.settle();
            TreeMap<Integer, Float> moved = new TreeMap<>();
            table.grow(3000, (before, floats) -> {
                moved.put(2999 - before, floats[0]);
                return 2999 - before;
            });
            assertThat(table.rows()).isEqualTo(3000);
            ParameterTable.Changes changes = table.settle();
            assertThat(Arrays.stream(changes.rows()).boxed().toList()).containsExactlyElementsOf(moved.keySet());
            for (int i = 0; i < changes.rows().length; i++) {
                assertThat(changes.values()[2 * i]).isEqualTo(moved.get(changes.rows()[i]));
            }
            apply(table.takeDirtyBlocks(), copy);
            assertThat(copy.digest()).isEqualTo(table.digest());
        }
    }

    @Test
    void readsAndAddsUpSevenColumnsAndReplacesTwiceSeven() {
        Random random = new Random(7);
        float[][] columns = new float[16][5];
        for (float[] column : columns) {
            for (int i = 0; i < column.length; i++) {
                column[i] = random.nextFloat();
            }
        }
        int[] rows = {3, 99, 0, 41};
        float[] factors = {1, -0.5f, 0.25f, 3};
        try (ParameterTable table = new ParameterTable(100, 16, 8)) {
            table.writeSevens(rows, 4, 1, 9, columns);
            assertThat(table.settle().rows()).containsExactly(0, 3, 41, 99);
            for (int first : new int[] {1, 9}) {
                float[][] read = new float[16][4];
                double[] sums = new double[7];
                table.gatherSeven(rows, 4, first, read, factors, sums);
                for (int c = first; c < first + 7; c++) {
                    double sum = 0;
                    for (int i = 0; i < 4; i++) {
                        assertThat(table.get(rows[i], c)).isEqualTo(columns[c][i]);
                        sum += (double) factors[i] * columns[c][i];
                    }
                    assertThat(read[c]).containsExactly(Arrays.copyOf(columns[c], 4));
                    assertThat(sums[c - first]).isEqualTo(sum);
                }
            }
            assertThat(table.get(3, 0)).isZero();
            assertThat(table.get(3, 8)).isZero();
            float[] zeroth = new float[4];
            float[] ninth = new float[4];
            table.gather(rows, 4, 0, zeroth, 9, ninth);
            assertThat(zeroth).containsOnly(0);
            assertThat(ninth).containsExactly(Arrays.copyOf(columns[9], 4));
        }
    }

    @Test
    void failsAfterItWasClosed() {
        ParameterTable table = new ParameterTable(10, 2, 1);
        table.close();
        table.close();
        assertThatThrownBy(() -> table.weight(3, 0)).hasMessage("parameters: closed (expected: open)");
        assertThatThrownBy(() -> table.write(new int[] {3}, 1, new float[2])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesRowsOutsideOfIt() {
        try (ParameterTable table = new ParameterTable(10, 2, 1)) {
            assertThatThrownBy(() -> table.weight(10, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.restore(1, new float[512])).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> new ParameterTable(0, 1, 1)).hasMessageStartingWith("rows: 0 (expected:");
    }

    private static void apply(List<RowBlock> blocks, ParameterTable to) {
        float[] rows = new float[RowBlock.ROWS * to.columns()];
        for (RowBlock block : blocks) {
            block.unpack(rows, to.columns());
            to.restore(block.number(), rows);
        }
    }

    private static long digest(float[] floats, int rows, int columns) {
        long digest = 0;
        for (int row = 0; row < rows; row++) {
            digest += Digest.row(row, floats, row * columns, columns);
        }
        return digest;
    }
}
