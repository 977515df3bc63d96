package io.millrace.features.job.backfill;

import io.millrace.features.aggregate.OutcomeFacts;
import io.millrace.record.Event;
import io.millrace.record.Outcome;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NoSuchElementException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** An Avro container file of {@code Event} or {@code Outcome}, of this or another version of their schema. */
public final class HistoryFile implements AutoCloseable {
    /** By time, and of what is of the same time, labels before corrections, which may be of them. */
    static final Comparator<SpecificRecord> ORDER =
            Comparator.comparingLong(HistoryFile::timeMicros).thenComparing(HistoryFile::isCorrection);

    private static final String EXPECTED = "an Avro container file of Event or Outcome, whole";

    /** Under which a file says the end of the history that it was made for, where it does. */
    static final String UNTIL = "millrace.history.until";

    private final String file;
    private final DataFileReader<SpecificRecord> records;
    private long row;

    private HistoryFile(String file, DataFileReader<SpecificRecord> records) {
        this.file = file;
        this.records = records;
    }

    /**
     * Opens a file.
     *
     * @param file as Flink's file systems name it
     * @throws HistoryException if it is no such file, or not all of it
     */
    public static HistoryFile open(String file) throws IOException {
        Input input = null;
        try {
            input = new Input(new Path(file));
            SpecificDatumReader<SpecificRecord> reader =
                    new SpecificDatumReader<>(new SpecificData(HistoryFile.class.getClassLoader()));
            DataFileReader<SpecificRecord> records = new DataFileReader<>(input, reader);
            input.checkEnd(file, records.previousSync());
            reader.setExpected(known(file, records.getSchema()));
            return new HistoryFile(file, records);
        } catch (FileNotFoundException e) {
            throw new HistoryException(Problem.missing(file, EXPECTED), e);
        } catch (IOException | AvroRuntimeException e) {
            if (input != null) {
                input.close();
            }
            throw e instanceof HistoryException already ? already : unreadable(file, e);
        }
    }

    private static Schema known(String file, Schema written) throws HistoryException {
        for (Schema schema : new Schema[] {Event.getClassSchema(), Outcome.getClassSchema()}) {
            if (written.getFullName().equals(schema.getFullName())) {
                return schema;
            }
        }
        throw new HistoryException(new Problem(file, "records " + written.getFullName(), EXPECTED));
    }

    private static HistoryException unreadable(String place, Exception e) {
        return new HistoryException(new Problem(place, String.valueOf(e.getMessage()), EXPECTED), e);
    }

    /** The end of the history that it was made for; null where it was made for any. */
    @Nullable
    String until() {
        return records.getMetaString(UNTIL);
    }

    /** Which topic has such records. */
    Topic topic() {
        boolean isEvents =
                records.getSchema().getFullName().equals(Event.getClassSchema().getFullName());
        return isEvents ? Topic.EVENTS : Topic.OUTCOMES;
    }

    /** @throws HistoryException if the file is broken here */
    public boolean hasNext() throws HistoryException {
        try {
            return records.hasNext();
        } catch (AvroRuntimeException e) {
            throw unreadable(place(), e);
        }
    }

    /** @throws HistoryException if the file is broken here */
    public SpecificRecord next() throws HistoryException {
        try {
            SpecificRecord record = records.next();
            row++;
            return record;
        } catch (NoSuchElementException e) {
            throw e;
        } catch (AvroRuntimeException | ClassCastException | IndexOutOfBoundsException e) {
            throw unreadable(place(), e);
        }
    }

    /** Where the last record stood: {@code FILE, record N}. */
    public String place() {
        return file + ", record " + row;
    }

    /** When a record happened, and what it corrects had happened, in microseconds since 1970 UTC. */
    public static long timeMicros(SpecificRecord record) {
        return record instanceof Event event ? event.getTimeMicros() : OutcomeFacts.knownMicros((Outcome) record);
    }

    /** Whether a record corrects what another said. */
    static boolean isCorrection(SpecificRecord record) {
        return record instanceof Outcome outcome && outcome.getReplaced() != null;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    /** Flink's file for Avro. */
    private static final class Input implements SeekableInput {
        private final long length;
        private final FSDataInputStream stream;

        Input(Path path) throws IOException {
            FileSystem files = path.getFileSystem();
            this.length = files.getFileStatus(path).getLen();
            this.stream = files.open(path);
        }

        /**
         * Avro takes a file that ends within a block for one that ends before it: the last bytes are the mark that every block
         * ends with, as the header does.
         */
        void checkEnd(String file, long headerEnd) throws IOException {
            long position = tell();
            byte[] ofHeader = mark(headerEnd);
            byte[] ofEnd = mark(length);
            seek(position);
            if (!Arrays.equals(ofHeader, ofEnd)) {
                throw new HistoryException(new Problem(file, "ends in the middle of a block", EXPECTED));
            }
        }

        private byte[] mark(long endsAt) throws IOException {
            byte[] mark = new byte[DataFileConstants.SYNC_SIZE];
            seek(endsAt - mark.length);
            readFully(mark);
            return mark;
        }

        private void readFully(byte[] into) throws IOException {
            if (stream.readNBytes(into, 0, into.length) < into.length) {
                throw new EOFException("ends too early");
            }
        }

        @Override
        public void seek(long position) throws IOException {
            stream.seek(position);
        }

        @Override
        public long tell() throws IOException {
            return stream.getPos();
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            return stream.read(into, offset, count);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
