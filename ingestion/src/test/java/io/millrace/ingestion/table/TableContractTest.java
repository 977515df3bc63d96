package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import io.millrace.ingestion.table.TestingTables.Line;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every format keeps. */
class TableContractTest {
    private static final TimeFormat ISO = TimeFormat.iso(ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private TestingFiles files;

    @BeforeEach
    void open() {
        files = new TestingFiles(directory);
    }

    @ParameterizedTest
    @EnumSource
    void readsTheSameRowsWhateverTheyWereWrittenAs(TableFormat format) {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Line> lines = lines(random, format);
            byte[] bytes = TestingTables.write(format, lines);
            String ending = format.endings().get(random.nextInt(format.endings().size()));
            Path path = random.nextBoolean()
                    ? files.write("t" + ending, bytes)
                    : files.write("t" + ending + ".gz", TestingFiles.gzip(bytes));
            try (Table table = Table.open(path)) {
                assertThat(read(table, format)).as("seed " + seed).isEqualTo(lines);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsStreamsWithoutBeingToldTheFormat(TableFormat format) {
        List<Line> lines = lines(new SplittableRandom(3), format);
        byte[] bytes = TestingTables.write(format, lines);
        for (byte[] stream : List.of(bytes, TestingFiles.gzip(bytes))) {
            try (Table table = Table.read("x", new ByteArrayInputStream(stream))) {
                assertThat(read(table, format)).isEqualTo(lines);
            }
        }
    }

    private static List<Line> read(Table table, TableFormat format) {
        Column real = table.column("real");
        Column count = table.column("count");
        Column time = table.column("time");
        List<Line> lines = new ArrayList<>();
        for (Row row : table) {
            OptionalDouble number = row.findNumber(real);
            Map<String, Double> weights = new LinkedHashMap<>();
            row.weights("weights").forEach(weight -> weights.put(weight.feature(), weight.value()));
            long micros = row.time(time, ISO);
            lines.add(new Line(
                    row.find("name").orElse(""),
                    number.isEmpty() ? Optional.empty() : Optional.of(number.getAsDouble()),
                    row.find(count).map(text -> row.integer(count)),
                    Boolean.parseBoolean(row.text("flag")),
                    Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(micros)),
                    row.list("tags", TestingTables.separator(format)),
                    weights,
                    row.find("inner.x").map(Integer::valueOf)));
            assertThat(row.text("time"))
                    .isEqualTo(lines.get(lines.size() - 1).time().toString());
        }
        return lines;
    }

    private static List<Line> lines(SplittableRandom random, TableFormat format) {
        String[] pieces = format == TableFormat.VW
                ? new String[] {"a", "é", "€", "-"}
                : new String[] {"a", "é", "€", " ", "\"", ",", "\t", "\n", "{"};
        List<Line> lines = new ArrayList<>();
        for (int i = random.nextInt(200); i >= 0; i--) {
            lines.add(line(random, pieces));
        }
        return lines;
    }

    private static Line line(SplittableRandom random, String[] pieces) {
        StringBuilder name = new StringBuilder(random.nextInt(4) == 0 ? "" : "n");
        for (int i = name.length() * random.nextInt(5); i > 0; i--) {
            name.append(pieces[random.nextInt(pieces.length)]);
        }
        List<String> tags = new ArrayList<>();
        Map<String, Double> weights = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add("t" + random.nextInt(5));
            weights.put("w" + random.nextInt(100), random.nextInt(1000) / 8.0);
        }
        return new Line(
                name.toString(),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(random.nextDouble() - 0.5),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(random.nextLong()),
                random.nextBoolean(),
                Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
                tags,
                weights,
                random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt()));
    }

    @ParameterizedTest
    @EnumSource
    void namesPlaceColumnValueAndExpectation(TableFormat format) {
        Line good = line(new SplittableRandom(1), new String[] {"a"});
        Line line = new Line(
                "abc", Optional.empty(), Optional.of(7L), true, good.time(), List.of("t"), Map.of(), Optional.empty());
        Path path = files.write("t" + format.endings().get(0), TestingTables.write(format, List.of(good, line)));
        boolean hasHeader = format == TableFormat.CSV || format == TableFormat.TSV;
        boolean isTyped = format == TableFormat.AVRO || format == TableFormat.PARQUET;
        String place = path + (isTyped ? ", row 2" : ", line " + (hasHeader ? 3 : 2)) + ", column ";
        try (Table table = Table.open(path)) {
            List<Row> rows = new ArrayList<>();
            table.forEach(rows::add);
            Row row = rows.get(1);
            assertThatThrownBy(() -> row.number("name"))
                    .isInstanceOf(DataException.class)
                    .hasMessage(place + "name: abc (expected: a finite number)");
            assertThatThrownBy(() -> row.number("real")).hasMessage(place + "real: empty (expected: a finite number)");
            assertThatThrownBy(() -> row.text("inner.x")).hasMessage(place + "inner.x: empty (expected: a text)");
            assertThatThrownBy(() -> row.integer("name")).hasMessage(place + "name: abc (expected: an integer)");
            assertThatThrownBy(() -> row.integer("count", 0, 6))
                    .hasMessage(place + "count: 7 (expected: an integer, 0 to 6)");
            assertThatThrownBy(() -> row.number("count", 0, 6.5))
                    .hasMessage(place + "count: 7 (expected: a number, 0.0 to 6.5)");
            assertThatThrownBy(() -> row.time("name", ISO))
                    .hasMessage(place + "name: abc (expected: ISO 8601 like 2001-01-01T08:30:00Z)");
            assertThatThrownBy(() -> row.time("real", ISO))
                    .hasMessage(place + "real: empty (expected: ISO 8601 like 2001-01-01T08:30:00Z)");
            assertThat(row.number("count", 0, 7)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesNumbersThatAreNotFinite(TableFormat format) {
        Line good = line(new SplittableRandom(1), new String[] {"a"});
        List<Line> lines = new ArrayList<>();
        for (double real : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            lines.add(new Line(
                    "n",
                    Optional.of(real),
                    Optional.of(1L),
                    true,
                    good.time(),
                    List.of(),
                    Map.of("w", real),
                    Optional.empty()));
        }
        Path path = files.write("t" + format.endings().get(0), TestingTables.write(format, lines));
        List<String> failures = new ArrayList<>();
        try (Table table = Table.open(path)) {
            for (Row row : table) {
                assertThatThrownBy(() -> row.number("real"))
                        .isInstanceOf(DataException.class)
                        .satisfies(e -> failures.add(e.getMessage().replaceAll(".*column ", "")));
                assertThatThrownBy(() -> row.findNumber("real")).isInstanceOf(DataException.class);
                assertThatThrownBy(() -> row.number("real", 0, 1)).isInstanceOf(DataException.class);
                assertThatThrownBy(() -> row.weights("weights"))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("column weights: w:")
                        .hasMessageEndingWith("(expected: feature:value ..., values finite numbers)");
            }
        }
        assertThat(failures)
                .containsExactly(
                        "real: NaN (expected: a finite number)",
                        "real: Infinity (expected: a finite number)",
                        "real: -Infinity (expected: a finite number)");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EXCLUDE,
            names = {"NDJSON", "VW"})
    void knowsItsColumnsUpFront(TableFormat format) {
        Path path = files.write("t" + format.endings().get(0), TestingTables.write(format, List.of()));
        try (Table table = Table.open(path)) {
            assertThat(table.columns())
                    .containsExactly("name", "real", "count", "flag", "time", "tags", "weights", "inner.x");
            table.require(List.of("inner.x", "name"));
            assertThatThrownBy(() -> table.require(List.of("name", "c")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column c: missing (expected: a ")
                    .hasMessageEndingWith("with it; it has name, real, count, flag, time, tags, weights, inner.x)");
            assertThatThrownBy(() -> table.column("c")).isInstanceOf(DataException.class);
            assertThat(table).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAColumnOfAnotherTable(TableFormat format) {
        byte[] bytes = TestingTables.write(format, lines(new SplittableRandom(1), format));
        Path path = files.write("t" + format.endings().get(0), bytes);
        try (Table table = Table.open(path);
                Table other = Table.open(path)) {
            Column column = other.column("name");
            Row row = table.iterator().next();
            assertThatThrownBy(() -> row.find(column))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("name: a column of another table (expected: one of this)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isIteratedOnce(TableFormat format) {
        Path path = files.write("t" + format.endings().get(0), TestingTables.write(format, List.of()));
        try (Table table = Table.open(path)) {
            table.iterator();
            assertThatThrownBy(table::iterator).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysInOneSentenceWhyAFileCannotBeOpened(TableFormat format) {
        Path missing = directory.resolve("none" + format.endings().get(0));
        assertThatThrownBy(() -> Table.open(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": missing (expected: a file that can be read)");
        assertThatThrownBy(() -> Table.open(directory, format))
                .isInstanceOf(DataException.class)
                .hasMessage(directory + ": a directory (expected: a file that can be read)");
        Path packed = files.write("t" + format.endings().get(0) + ".gz", "a,b\n");
        assertThatThrownBy(() -> Table.open(packed))
                .isInstanceOf(DataException.class)
                .hasMessage(packed + ": not gzipped (expected: gzip, as its name says)");
    }

    @ParameterizedTest
    @EnumSource
    void saysThatGzipDataEndEarly(TableFormat format) {
        byte[] whole = TestingFiles.gzip(TestingTables.write(format, manyLines(format)));
        for (int length : new int[] {whole.length - 1, whole.length / 2, 12}) {
            Path path = files.write("t" + format.endings().get(0) + ".gz", Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> readAll(path))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("ends in the middle of its ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverFailsOtherwiseThanWithADataException(TableFormat format) {
        byte[] whole = TestingTables.write(format, manyLines(format));
        for (long seed = 1; seed <= 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] broken = random.nextBoolean() ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int flips = random.nextInt(4); flips > 0 && broken.length > 0; flips--) {
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path path = files.write("t" + format.endings().get(0), broken);
            try {
                readAll(path);
            } catch (DataException e) {
                assertThat(e).as("seed " + seed).hasMessageStartingWith(path.toString());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static List<Line> manyLines(TableFormat format) {
        List<Line> lines = new ArrayList<>();
        for (int seed = 0; seed < 5; seed++) {
            lines.addAll(lines(new SplittableRandom(seed), format));
        }
        return lines;
    }

    private static void readAll(Path path) {
        try (Table table = Table.open(path)) {
            for (Row row : table) {
                row.raw();
                for (String column : List.of("name", "real", "count", "weights")) {
                    try {
                        row.find(column);
                    } catch (DataException e) {
                        assertThat(e.line()).isNotNegative();
                    }
                }
            }
        }
    }
}
