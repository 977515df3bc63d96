package io.millrace.features.job.backfill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Files, merged by time: next is always the record that happened first of those that come next in their files, and of two at the same time
 * a label before a correction, else that of the earlier file. A file is open from when its first record is next until its last one was. Not thread-safe.
 */
final class MergedHistory implements AutoCloseable {
    private final PriorityQueue<Cursor> cursors =
            new PriorityQueue<>(Comparator.<Cursor>comparingLong(cursor -> cursor.timeMicros)
                    .thenComparing(cursor -> cursor.isCorrection)
                    .thenComparingInt(cursor -> cursor.number));

    /** @throws HistoryException if one is not there, or no such file */
    MergedHistory(List<String> files) throws IOException {
        for (int i = 0; i < files.size(); i++) {
            Cursor cursor = new Cursor(files.get(i), i);
            if (cursor.advance()) {
                cursor.pause();
                cursors.add(cursor);
            }
        }
    }

    boolean hasNext() {
        return !cursors.isEmpty();
    }

    /** @throws HistoryException if a file is broken here */
    SpecificRecord next() throws IOException {
        @Nullable Cursor first = cursors.poll();
        if (first == null) {
            throw new NoSuchElementException("the end of the history");
        }
        SpecificRecord next = first.take();
        if (first.advance()) {
            cursors.add(first);
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        List<Cursor> left = new ArrayList<>(cursors);
        cursors.clear();
        for (Cursor cursor : left) {
            cursor.pause();
        }
    }

    private static final class Cursor {
        final String file;
        final int number;
        long timeMicros;
        boolean isCorrection;
        private @Nullable HistoryFile records;
        private @Nullable SpecificRecord next;

        Cursor(String file, int number) {
            this.file = file;
            this.number = number;
        }

        /** Whether there is another record. */
        boolean advance() throws IOException {
            if (records == null) {
                records = HistoryFile.open(file);
            }
            if (!records.hasNext()) {
                pause();
                return false;
            }
            next = records.next();
            timeMicros = HistoryFile.timeMicros(next);
            isCorrection = HistoryFile.isCorrection(next);
            return true;
        }

        SpecificRecord take() throws IOException {
            if (records == null) {
                advance();
            }
            return next;
        }

        /** A cursor before its first record begins anew from there. */
        void pause() throws IOException {
            if (records != null) {
                records.close();
                records = null;
            }
        }
    }
}
