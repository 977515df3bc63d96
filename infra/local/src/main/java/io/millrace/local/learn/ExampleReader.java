package io.millrace.local.learn;

import io.millrace.ingestion.table.Column;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Turns rows into examples, a batch at a time. Not thread-safe. */
final class ExampleReader {
    /**
     * What a row is read with.
     *
     * @param importance a column of weights; null where each example weighs 1
     * @param noBase the column of initial predictions where rows must have none; null where they may
     */
    record Reading(
            RowPlan plan,
            Target target,
            EventTime time,
            Lags lags,
            @Nullable Column importance,
            @Nullable Column noBase) {}

    private final Iterator<Row> rows;
    private final Reading reading;
    private final BadRows bad;
    private final long limit;
    private long row;

    /**
     * @param limit how many rows are read at most
     */
    ExampleReader(Iterator<Row> rows, Reading reading, BadRows bad, long limit) {
        this.rows = rows;
        this.reading = reading;
        this.bad = bad;
        this.limit = limit;
    }

    /** Refills a batch: up to its capacity, the end of the rows or a failure. */
    void fill(Batch batch) {
        batch.clear();
        try {
            while (!batch.isFull()) {
                if (row == limit || !rows.hasNext()) {
                    batch.end();
                    return;
                }
                read(rows.next(), batch);
                row++;
            }
        } catch (DataException e) {
            batch.fail(e);
        }
    }

    private void read(Row from, Batch batch) {
        try {
            long time = reading.time().read(from);
            double label = reading.target().label(from);
            double weight = weight(from);
            requireNoBase(from);
            reading.plan().fill(from, batch.next());
            batch.add(row, from.line(), time, label, weight);
            if (!Double.isNaN(label)) {
                reading.lags().add(label);
            }
        } catch (DataException e) {
            bad.add(e);
        }
    }

    private void requireNoBase(Row from) {
        Column base = reading.noBase();
        if (base != null && from.find(base).isPresent()) {
            throw from.wrong(
                    base,
                    from.text(base),
                    "none, as in the first " + Sample.ROWS
                            + " rows; --numeric base, with --categorical for the namespaces, makes it the offset");
        }
    }

    private double weight(Row from) {
        return reading.importance() == null
                ? 1
                : from.find(reading.importance()).isEmpty() ? 1 : from.number(reading.importance(), 0, Float.MAX_VALUE);
    }
}
