package io.millrace.local.backfill;

import io.millrace.features.job.backfill.HistoryException;
import io.millrace.features.job.backfill.HistoryFile;
import io.millrace.features.job.backfill.HistoryWriter;
import io.millrace.features.spec.EventSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.collect.EventLine;
import io.millrace.ingestion.replay.EventReader;
import io.millrace.ingestion.replay.ReplayMapping;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.local.StartException;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.DeadLetters;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of any kind into a history that a job can begin with: events and outcomes of before its end, in the order of time. What
 * cannot be read is a dead letter with file and line, and the rest goes on.
 */
public final class Preparation {
    private static final String COMPONENT = "backfill";
    private static final int MAX_DEAD_BYTES = 1 << 16;

    private final Instant until;
    private final Map<String, EventSpec> kinds;
    private final HistoryWriter history;
    private final Consumer<DeadLetter> letters;
    private final EventLine lines;
    private final Codec<Event> codec = Codec.of(Event.class);
    private final Clock clock;
    private final List<FileCount> counts = new ArrayList<>();
    private final Map<Topic, Instant> newest = new EnumMap<>(Topic.class);

    /**
     * What is in a history, and where it is from.
     *
     * @param newest of the records of each topic that it holds
     */
    public record Prepared(List<String> files, List<FileCount> counts, Map<Topic, Instant> newest) {
        public long taken() {
            return counts.stream().mapToLong(FileCount::taken).sum();
        }

        public long rejected() {
            return counts.stream().mapToLong(FileCount::rejected).sum();
        }
    }

    private record Reading(List<Path> files, @Nullable ReplayMapping mapping) {}

    private Preparation(
            Instant until, PipelineSpec spec, HistoryWriter history, Consumer<DeadLetter> letters, Clock clock) {
        this.until = until;
        this.kinds = spec.events();
        this.history = history;
        this.letters = letters;
        this.lines = new EventLine(clock);
        this.clock = clock;
    }

    /**
     * Makes a history.
     *
     * @param inputs files, and how they are read
     * @param until its end
     * @param into an empty directory
     * @param letters is given what cannot be read
     * @throws StartException if a file is missing, or broken as a whole
     */
    public static Prepared run(
            List<HistoryInput> inputs,
            Instant until,
            PipelineSpec spec,
            String into,
            Consumer<DeadLetter> letters,
            Clock clock)
            throws StartException, IOException {
        List<Reading> readings = readings(inputs, spec);
        try (HistoryWriter history = new HistoryWriter(into, until)) {
            Preparation preparation = new Preparation(until, spec, history, letters, clock);
            for (Reading reading : readings) {
                for (Path file : reading.files()) {
                    preparation.read(file, reading.mapping());
                }
            }
            return preparation.finish();
        } catch (DataException | HistoryException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws StartException that says of all inputs what is wrong */
    private static List<Reading> readings(List<HistoryInput> inputs, PipelineSpec spec) throws StartException {
        List<Reading> readings = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (HistoryInput input : inputs) {
            try {
                List<Path> files = HistoryFiles.find(input.from());
                Tables tables = input.tables();
                readings.add(new Reading(files, tables == null ? null : tables.mapping(spec)));
            } catch (StartException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new StartException(String.join("\n", problems));
        }
        return readings;
    }

    /** Dead letters to their topic. */
    public static Consumer<DeadLetter> to(KafkaSettings kafka, Producer<byte[], byte[]> producer, Clock clock) {
        DeadLetters all = new DeadLetters(COMPONENT, kafka, producer, clock);
        return letter -> producer.send(all.record(letter));
    }

    private Prepared finish() throws IOException {
        return new Prepared(history.finish(), List.copyOf(counts), Map.copyOf(newest));
    }

    private void read(Path file, @Nullable ReplayMapping mapping) throws IOException {
        FileCount count = new FileCount(file);
        counts.add(count);
        TableFormat format = TableFormat.of(file).orElseThrow();
        if (mapping == null && format == TableFormat.AVRO) {
            readRecords(file, count);
            return;
        }
        if (mapping == null && format != TableFormat.NDJSON) {
            throw new DataException(new Problem(
                    file.toString(), "a table", "--time and the like, which say how its rows become events"));
        }
        String name = TableFormat.bareName(file);
        try (Table table = Table.open(file)) {
            if (mapping == null) {
                for (Row row : table) {
                    readLine(name, row, count);
                }
            } else {
                table.require(mapping.columns());
                EventReader reader = new EventReader(name, mapping);
                for (Row row : table) {
                    readRow(name, row, reader, count);
                }
            }
        }
    }

    private void readRecords(Path file, FileCount count) throws IOException {
        String name = TableFormat.bareName(file);
        try (HistoryFile records = HistoryFile.open(file.toUri().toString())) {
            for (long number = 1; records.hasNext(); number++) {
                SpecificRecord record = records.next();
                if (record instanceof Event event) {
                    Optional<Problem> tooOld = takeEvent(event, count);
                    if (tooOld.isPresent()) {
                        String reason = name + ", record " + number + ": " + tooOld.get();
                        reject(name, number, codec.encode(event), reason, count);
                    }
                } else {
                    take(record, Topic.OUTCOMES, count);
                }
            }
        }
    }

    private void readLine(String name, Row row, FileCount count) throws IOException {
        Problems problems = new Problems();
        Optional<Event> event = lines.read(row.raw(), EventReader.idOfLine(name, row), problems);
        if (event.isPresent()) {
            takeEvent(event.get(), count).ifPresent(tooOld -> reject(name, row, tooOld.toString(), count));
        } else {
            String reason = problems.list().stream().map(Problem::toString).collect(Collectors.joining("; "));
            reject(name, row, reason, count);
        }
    }

    private void readRow(String name, Row row, EventReader reader, FileCount count) throws IOException {
        Event event;
        try {
            event = reader.read(row).event();
        } catch (DataException e) {
            reject(name, row, String.valueOf(e.getMessage()), count);
            return;
        }
        takeEvent(event, count).ifPresent(tooOld -> reject(name, row, tooOld.toString(), count));
    }

    /** @return why it is too old to be taken, as an event of a topic would be */
    private Optional<Problem> takeEvent(Event event, FileCount count) throws IOException {
        @Nullable EventSpec kind = kinds.get(event.getKind());
        if (kind == null) {
            count.passOverKind();
            return Optional.empty();
        }
        Instant time = Instant.EPOCH.plus(event.getTimeMicros(), ChronoUnit.MICROS);
        Optional<Problem> tooOld = kind.tooOld(time, clock.instant());
        if (tooOld.isEmpty()) {
            take(event, Topic.EVENTS, count);
        }
        return tooOld;
    }

    private void take(SpecificRecord record, Topic topic, FileCount count) throws IOException {
        long timeMicros = HistoryFile.timeMicros(record);
        if (timeMicros >= TimeUnit.MILLISECONDS.toMicros(until.toEpochMilli())) {
            count.passOver();
            return;
        }
        count.take();
        Instant time = Instant.EPOCH.plus(timeMicros, ChronoUnit.MICROS);
        newest.merge(topic, time, (one, other) -> one.isAfter(other) ? one : other);
        history.add(record);
    }

    private void reject(String name, Row row, String reason, FileCount count) {
        String placed = reason.contains(row.place()) ? reason : row.place() + ": " + reason;
        reject(name, row.line(), row.raw().getBytes(StandardCharsets.UTF_8), placed, count);
    }

    private void reject(String name, long number, byte[] raw, String reason, FileCount count) {
        count.reject();
        byte[] kept = raw.length > MAX_DEAD_BYTES ? Arrays.copyOf(raw, MAX_DEAD_BYTES) : raw;
        letters.accept(DeadLetters.letter(COMPONENT, "file:" + name, -1, number, kept, reason, clock));
    }
}
