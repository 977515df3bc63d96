package io.millrace.trainer.ids;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowFinder;
import java.util.Arrays;

/**
 * A row of its own for each id. An id has a weight from its {@code admit}-th occurrence on; an element that occurs twice in an
 * example counts twice, a correction not at all. An id that occurs again after the time of {@code forget} begins anew; what does
 * not occur again is found by the {@link Hand}. The table starts small and doubles up to its bound.
 *
 * <p>What a version of the table says about an example must not depend on what is known only afterwards, or serving would say
 * something else. So rows are counted, evicted and moved after an example, or a mini-batch, was learned; and where ids
 * are to be forgotten, whoever predicts does it before {@link #forget}. Growing moves rows but changes nothing that is said.
 */
final class ExactRows implements IdRows {
    private final RowFinder finder;
    private final ParameterTable table;
    private final IdTable ids;
    private final EventClock clock;
    private final Hand hand;
    private final int admit;
    private final int constant;
    private final int nothing;
    private int[] rows = new int[64];
    private int[] ticks = new int[64];
    private int size;
    private int examples;
    private int expired;
    private int now;
    private float[] backup = new float[0];
    private int[] backupRows = new int[16];
    private int backups;

    ExactRows(PipelineSpec spec, Layout layout, ParameterTable table) {
        this.finder = new RowFinder(spec, layout);
        this.table = table;
        this.ids = new IdTable(layout, table);
        this.clock = EventClock.of(spec.model().ids());
        this.admit = spec.model().ids().admit();
        this.constant = layout.constant();
        this.nothing = layout.nothing();
        this.hand = new Hand(ids, clock, admit, layout, table);
    }

    @Override
    public void find(SparseVector x) {
        finder.place(table, table.rows(), x);
    }

    @Override
    public void findKnown(SparseVector x) {
        find(x);
        int kept = 0;
        for (int i = 0; i < x.size(); i++) {
            if (x.index(i) != nothing) {
                x.move(i, kept++, x.index(i));
            }
        }
        x.shorten(kept);
    }

    @Override
    public void place(SparseVector x, long timeMicros) {
        now = clock.tick(timeMicros);
        if (examples == 0) {
            makeRoom(x.size());
        }
        expired = 0;
        finder.find(table, table.rows(), x);
        int kept = 0;
        for (int i = 0; i < x.size(); i++) {
            int row = finder.found(i);
            if (row < 0) {
                row = insert(finder.hash(i));
            }
            if (row >= 0) {
                int count = row == constant ? admit : ids.count(row);
                if (row != constant) {
                    int seen = ids.seen(row);
                    if (seen < now || count < admit) {
                        note(row, seen);
                    }
                }
                if (count >= admit - 1) {
                    x.move(i, kept++, row);
                }
            }
        }
        x.shorten(kept);
        examples++;
    }

    private void makeRoom(int more) {
        while (ids.isFull(more) && ids.canGrow()) {
            ids.grow();
            hand.doubled();
        }
    }

    /** The row of a new id; negative if there is no room. It may have occurred in the same example already. */
    private int insert(long hash) {
        int row = finder.probe(table, table.rows(), hash);
        if (row < 0 && row != Integer.MIN_VALUE && ids.hasRoom()) {
            row = ~row;
            ids.insert(row, hash);
        }
        return row;
    }

    private void note(int row, int seen) {
        if (size == rows.length) {
            rows = Arrays.copyOf(rows, size * 2);
            ticks = Arrays.copyOf(ticks, size * 2);
        }
        rows[size] = row;
        ticks[size++] = now;
        if (clock.isExpired(seen, now)) {
            expired++;
        }
    }

    private boolean isExpired(int row, int tick) {
        return clock.isExpired(ids.seen(row), tick);
    }

    @Override
    public boolean isForgetting() {
        return expired > 0 && examples == 1;
    }

    @Override
    public void forget(SparseVector x) {
        for (int i = 0; i < size; i++) {
            if (isExpired(rows[i], now)) {
                backUp(rows[i]);
                ids.renew(rows[i]);
            }
        }
        expired = 0;
        int kept = 0;
        for (int i = 0; i < x.size(); i++) {
            if (finder.isAdmitted(table, x.index(i))) {
                x.move(i, kept++, x.index(i));
            }
        }
        x.shorten(kept);
    }

    private void backUp(int row) {
        int columns = table.columns();
        if (backups == backupRows.length) {
            backupRows = Arrays.copyOf(backupRows, backups * 2);
        }
        if (backup.length < (backups + 1) * columns) {
            backup = Arrays.copyOf(backup, (backups + 1) * 2 * columns);
        }
        table.floats().get((long) row * columns, backup, backups * columns, columns);
        backupRows[backups++] = row;
    }

    @Override
    public void learned(int pending) {
        if (pending > 0 || examples == 0) {
            return;
        }
        for (int i = 0; i < size; i++) {
            count(rows[i], ticks[i]);
        }
        int done = examples;
        clear();
        hand.sweep(done, now);
        if (!ids.canGrow()) {
            while (ids.isFull(0)) {
                hand.evict();
            }
        }
    }

    private void count(int row, int tick) {
        int seen = ids.seen(row);
        if (tick > seen) {
            if (clock.isExpired(seen, tick)) {
                ids.renew(row);
            }
            ids.see(row, tick);
        }
        int count = ids.count(row);
        if (count < admit) {
            ids.count(row, count + 1);
        }
    }

    @Override
    public void undo() {
        for (int b = backups - 1; b >= 0; b--) {
            int at = b * table.columns();
            table.writeRow(backupRows[b], Arrays.copyOfRange(backup, at, at + table.columns()));
        }
        // Whatever never occurred before was put behind all others of its chain: without it these are what they were.
        for (int i = 0; i < size; i++) {
            if (ids.isTaken(rows[i]) && ids.seen(rows[i]) < 0) {
                ids.takeBack(rows[i]);
            }
        }
        clear();
    }

    private void clear() {
        ids.counted();
        size = 0;
        examples = 0;
        expired = 0;
        backups = 0;
    }

    @Override
    public void restored() {
        clear();
        ids.recount();
        hand.restored();
    }
}
