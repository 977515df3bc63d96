package io.millrace.trainer.ids;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.TestingSpecs;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowFinder;
import io.millrace.trainer.snapshot.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactRowsTest {
    private static final long MINUTE = 60_000_000;
    private static final long EPOCH = 1_700_000_000_000_000L;

    private Layout layout;
    private ParameterTable table;
    private RowFinder finder;
    private IdRows rows;

    private void begin(String ids) {
        PipelineSpec spec = TestingSpecs.movies("{learner: ftrl, ids: {table: exact, " + ids + "}}");
        layout = Layout.of(spec);
        finder = new RowFinder(spec, layout);
        table = new ParameterTable(layout);
        rows = IdRows.of(spec, layout, table);
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "3,0,2", "1,10,3", "2,10,4", "5,60,5", "1,1,6"})
    void tellsWhatAMapWouldTell(int admit, int forgetMinutes, long seed) {
        begin("admit: " + admit + ", forget: " + forgetMinutes + "m, rows: 16384");
        Random random = new Random(seed);
        NaiveIds naive = new NaiveIds(admit, forgetMinutes * MINUTE);
        long now = EPOCH;
        for (int step = 0; step < 6000; step++) {
            String place = "seed " + seed + ", step " + step;
            now += random.nextInt(500) == 0 ? 20 * MINUTE : random.nextInt(2_000_000);
            long time = now - random.nextInt(10) * MINUTE / 2;
            List<Long> ids = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                ids.add((long) (8000 * random.nextDouble() * random.nextDouble()));
            }
            if (random.nextInt(20) == 0) {
                long digest = table.digest();
                int before = table.rows();
                place(ids, time);
                rows.undo();
                if (table.rows() == before) {
                    assertThat(table.digest()).as(place).isEqualTo(digest);
                }
            }
            forgetWhatTheHandFound(naive, ids, now);
            SparseVector x = place(ids, time);
            List<Long> admitted = naive.admitted(ids, time);
            assertThat(x.id(0)).isEqualTo(Indexer.CONSTANT);
            assertThat(ids(x)).as(place).isEqualTo(admitted);
            for (int i = 1; i < x.size(); i++) {
                NaiveIds.Known known = naive.known.get(x.id(i));
                assertThat(table.get(x.index(i), 0)).as(place).isEqualTo(known.weight);
                known.weight += x.id(i) + 1;
                table.put(x.index(i), 0, known.weight);
            }
            rows.learned(0);
            naive.count(ids, time);
            if (random.nextInt(300) == 0) {
                restart(admit, forgetMinutes);
            }
        }
        long end = now;
        naive.known.forEach((id, known) -> {
            if (!naive.isForgotten(known, end)) {
                int row = finder.row(table, table.rows(), id, -1);
                assertThat(table.get(row, 0)).as("seed %s, id %s", seed, id).isEqualTo(known.weight);
            }
        });
        if (forgetMinutes != 1) {
            assertThat(table.rows()).isGreaterThan(layout.rows());
        }
        if (forgetMinutes > 0) {
            for (int step = 0; step < 2048; step++) {
                place(List.of(), now + 1000 * MINUTE);
                rows.learned(0);
            }
            assertThat(taken()).isZero();
        }
    }

    @Test
    void tenMillionIdsTakeNoMoreThanTheBoundAndWhatIsUsedStays() {
        begin("admit: 1, rows: 65536");
        long fresh = 1000;
        for (int step = 0; step < 500_000; step++) {
            List<Long> ids = new ArrayList<>(List.of((long) (step % 100)));
            for (int i = 0; i < 20; i++) {
                ids.add(fresh++);
            }
            SparseVector x = place(ids, step * 1_000_000L);
            assertThat(x.size()).isEqualTo(22);
            table.put(x.index(1), 0, table.get(x.index(1), 0) + 1);
            rows.learned(0);
        }
        assertThat(table.rows()).isEqualTo(layout.mostRows());
        assertThat(taken()).isEqualTo(65536 / 16 * 11);
        for (long id = 0; id < 100; id++) {
            assertThat(table.get(finder.row(table, table.rows(), id, -1), 0)).isEqualTo(5000f);
        }
    }

    @Test
    void whatHasNoWeightYetMakesRoomFirst() {
        begin("admit: 2, rows: 4096");
        for (int step = 0; step < 600; step++) {
            place(List.of(step % 300L, step % 300L), step * 10_000_000L);
            rows.learned(0);
        }
        for (int step = 0; step < 50_000; step++) {
            place(List.of(1000L + 2 * step, 1001L + 2 * step), (1000 + step) * 10_000_000L);
            rows.learned(0);
        }
        assertThat(taken()).isEqualTo(4096 / 16 * 11);
        SparseVector x = place(LongStream.range(0, 300).boxed().toList(), 0);
        assertThat(x.size()).isEqualTo(301);
    }

    @Test
    void anExampleWithMoreNewIdsThanThereIsRoomForLeavesSomeOut() {
        begin("rows: 1024");
        SparseVector x = place(LongStream.range(0, 3000).boxed().toList(), MINUTE);
        assertThat(x.size()).isEqualTo(1 + 1024 / 16 * 14);
        rows.learned(0);
        assertThat(taken()).isEqualTo(1024 / 16 * 11);
        assertThat(table.rows()).isEqualTo(layout.mostRows());
    }

    @Test
    void whatWaitsInAMiniBatchIsCountedWhenItIsFullAndNotTwiceAfterARestart() {
        begin("admit: 2");
        for (int i = 0; i < 3; i++) {
            assertThat(place(List.of(7L), MINUTE).size()).isEqualTo(1);
            rows.learned(i + 1);
        }
        restart(2, 0);
        for (int i = 0; i < 4; i++) {
            assertThat(place(List.of(7L), MINUTE).size()).isEqualTo(1);
            rows.learned(i == 3 ? 0 : i + 1);
        }
        assertThat(place(List.of(7L), MINUTE).size()).isEqualTo(2);
    }

    @Test
    void aTimeThatNoTickTellsIsTheFirstOrTheLast() {
        begin("forget: 1h");
        for (long time : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
            assertThat(place(List.of(1L), time).size()).isEqualTo(2);
            rows.learned(0);
        }
        assertThat(place(List.of(1L), MINUTE).size()).isEqualTo(2);
    }

    /** What is too old for the newest example but not for a late one may be gone, or not yet. */
    private void forgetWhatTheHandFound(NaiveIds naive, List<Long> ids, long newest) {
        for (long id : ids) {
            NaiveIds.Known known = naive.known.get(id);
            if (known != null
                    && naive.isForgotten(known, newest)
                    && finder.row(table, table.rows(), id, -1) == layout.nothing()) {
                naive.known.remove(id);
            }
        }
    }

    private SparseVector place(List<Long> ids, long time) {
        SparseVector x = new SparseVector();
        x.add(Indexer.CONSTANT, -1, 1, -1);
        ids.forEach(id -> x.add(id, -1, 1, 0));
        rows.place(x, time);
        if (rows.isForgetting()) {
            rows.forget(x);
        }
        return x;
    }

    private static List<Long> ids(SparseVector x) {
        List<Long> ids = new ArrayList<>();
        for (int i = 1; i < x.size(); i++) {
            ids.add(x.id(i));
        }
        return ids;
    }

    private int taken() {
        int taken = 0;
        for (int row = layout.firstFeature(); row < table.rows(); row++) {
            taken += table.get(row, layout.own()) == 0 ? 0 : 1;
        }
        return taken;
    }

    /** Goes on with a copy. */
    private void restart(int admit, int forgetMinutes) {
        ParameterTable before = table;
        begin("admit: " + admit + ", forget: " + forgetMinutes + "m, rows: 16384");
        table.grow(before.rows(), (row, floats) -> row);
        float[] floats = new float[RowBlock.ROWS * table.columns()];
        before.copyBlocks().forEach(block -> {
            block.unpack(floats, table.columns());
            table.restore(block.number(), floats);
        });
        rows.restored();
        assertThat(table.digest()).isEqualTo(before.digest());
        before.close();
    }
}
