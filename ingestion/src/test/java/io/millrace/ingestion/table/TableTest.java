package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir
    private Path directory;

    private TestingFiles files;

    @BeforeEach
    void open() {
        files = new TestingFiles(directory);
    }

    @Test
    void countsLinesAsAnEditorDoesWhateverIsQuoted() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String lineEnd = random.nextBoolean() ? "\n" : "\r\n";
            StringBuilder text = new StringBuilder("a,b" + lineEnd);
            List<String> expected = new ArrayList<>();
            int line = 2;
            for (int row = 0; row < 50; row++) {
                for (int blank = random.nextInt(3); blank > 1; blank--) {
                    text.append(lineEnd);
                    line++;
                }
                String field = randomField(random, lineEnd);
                text.append("x,\"")
                        .append(field.replace("\"", "\"\""))
                        .append('"')
                        .append(lineEnd);
                expected.add(line + ":" + field);
                line += 1 + (int) field.chars().filter(c -> c == '\n').count();
            }
            boolean packed = random.nextBoolean();
            Path path = packed
                    ? files.write("t.csv.gz", TestingFiles.gzip(text.toString()))
                    : files.write("t.csv", text.toString());
            List<String> read = new ArrayList<>();
            try (Table table = Table.open(path)) {
                table.forEach(row -> read.add(row.line() + ":" + row.find("b").orElse("")));
            }
            assertThat(read).as("seed " + seed).isEqualTo(expected);
        }
    }

    private static String randomField(SplittableRandom random, String lineEnd) {
        String[] pieces = {"x", "é", ",", "\"", lineEnd, " ", "€"};
        StringBuilder field = new StringBuilder("f");
        for (int i = random.nextInt(6); i > 0; i--) {
            field.append(pieces[random.nextInt(pieces.length)]);
        }
        return field.toString();
    }

    @Test
    void readsThroughAByteOrderMark() {
        assertThat(rows(files.write("t.csv", "\uFEFFa,b\n1,2\n"), "a")).containsExactly("1");
        assertThat(rows(files.write("t.ndjson", "\uFEFF{\"a\":1}\n"), "a")).containsExactly("1");
        assertThat(rows(files.write("bom.ndjson", "\uFEFF"), "a")).isEmpty();
    }

    @Test
    void findsGzipByItsContentWhateverTheName() {
        assertThat(rows(files.write("t.csv", TestingFiles.gzip("a\n1\n")), "a")).containsExactly("1");
    }

    @Test
    void readsGzipFilesThatWereJoined() {
        byte[] first = TestingFiles.gzip("a\n1\n");
        byte[] second = TestingFiles.gzip("2\n");
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        assertThat(rows(files.write("t.csv.gz", joined), "a")).containsExactly("1", "2");
    }

    @Test
    void namesFileLineColumnValueAndExpectation() {
        Path path = files.write("t.csv", "a,b\n1,x\n2,\n3,NaN\n4,1e999\n5,0x1p3\n");
        assertThat(failures(path, row -> row.number("b")))
                .containsExactly(
                        path + ", line 2, column b: x (expected: a finite number)",
                        path + ", line 3, column b: empty (expected: a finite number)",
                        path + ", line 4, column b: NaN (expected: a finite number)",
                        path + ", line 5, column b: 1e999 (expected: a finite number)",
                        path + ", line 6, column b: 0x1p3 (expected: a finite number)");
    }

    @Test
    void namesTheBoundsOfANumber() {
        Path path = files.write("t.csv", "a\n0\n5\n-1\n6\nx\n\"\"\n");
        String line = path + ", line ";
        assertThat(failures(path, row -> row.integer("a", 0, 5)))
                .containsExactly(
                        line + "4, column a: -1 (expected: an integer, 0 to 5)",
                        line + "5, column a: 6 (expected: an integer, 0 to 5)",
                        line + "6, column a: x (expected: an integer, 0 to 5)",
                        line + "7, column a: empty (expected: an integer, 0 to 5)");
        assertThat(failures(path, row -> row.number("a", 0, 5)))
                .containsExactly(
                        line + "4, column a: -1 (expected: a number, 0.0 to 5.0)",
                        line + "5, column a: 6 (expected: a number, 0.0 to 5.0)",
                        line + "6, column a: x (expected: a number, 0.0 to 5.0)",
                        line + "7, column a: empty (expected: a number, 0.0 to 5.0)");
    }

    @Test
    void readsAStreamAndClosesIt() {
        AtomicInteger closed = new AtomicInteger();
        try (Table table = Table.read("slice.gz", stream(TestingFiles.gzip("a\n1\n"), closed), TableFormat.CSV)) {
            assertThat(table).extracting(row -> row.text("a")).containsExactly("1");
        }
        assertThat(closed).hasPositiveValue();
        closed.set(0);
        assertThatThrownBy(() -> Table.read("slice.gz", stream(new byte[] {'a'}, closed), TableFormat.CSV))
                .isInstanceOf(DataException.class)
                .hasMessage("slice.gz: not gzipped (expected: gzip, as its name says)");
        assertThat(closed).hasPositiveValue();
    }

    private static InputStream stream(byte[] bytes, AtomicInteger closed) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void goesOnAfterARowOfTheWrongLength() {
        Path path = files.write("t.csv", "a,b\n1\n2,3,4\n5,6\n");
        assertThat(failures(path, row -> row.text("a")))
                .containsExactly(
                        path + ", line 2: 1 fields (expected: 2 fields as in the header)",
                        path + ", line 3: 3 fields (expected: 2 fields as in the header)");
    }

    @Test
    void saysWhereBytesAreNoUtf8() {
        byte[] bytes = "a,b\nx,caf_\ny,z\n".getBytes(StandardCharsets.US_ASCII);
        bytes[9] = (byte) 0xE9;
        Path path = files.write("t.csv", bytes);
        assertThat(failures(path, row -> row.text("b")))
                .singleElement()
                .asString()
                .startsWith(path + ", line 2, column b: caf")
                .endsWith("(expected: a text in UTF-8)");
    }

    @Test
    void endsAtBrokenQuotesWithTheirLine() {
        Path unclosed = files.write("u.csv", "a,b\n1,2\n\n3,\"4\n5,6\n");
        assertThatThrownBy(() -> rows(unclosed, "a"))
                .isInstanceOf(DataException.class)
                .hasMessage(unclosed
                        + ", line 4: Unclosed quoted field at end of input (expected: CSV whose quotes are closed)");
        Path extra = files.write("e.csv", "a,b\n1,\"2\"x\n");
        assertThatThrownBy(() -> rows(extra, "a"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(extra + ", line 2: Unexpected character after closing quote: 'x'");
    }

    @Test
    void refusesAFileThatIsEmptyOrHasNoHeader() {
        Path path = files.write("t.csv", "");
        assertThatThrownBy(() -> Table.open(path)).hasMessage(path + ", line 1: empty (expected: a header line)");
        Path packed = files.write("t.csv.gz", TestingFiles.gzip(""));
        assertThatThrownBy(() -> Table.open(packed)).hasMessage(packed + ", line 1: empty (expected: a header line)");
        assertThat(rows(files.write("h.csv", "a,b"), "a")).isEmpty();
        assertThat(rows(files.write("e.ndjson", ""), "a")).isEmpty();
    }

    @Test
    void refusesColumnsThatAreMissingOrNamedTwice() {
        Path path = files.write("t.csv", "a,b\n1,2\n");
        try (Table table = Table.open(path)) {
            assertThatThrownBy(() -> table.require(List.of("a", "c")))
                    .hasMessage(path + ", line 1, column c: missing (expected: a header with it; it has a, b)");
        }
        Path twice = files.write("d.csv", "a,b,a\n");
        assertThatThrownBy(() -> Table.open(twice))
                .hasMessage(twice + ", line 1, column a: named twice (expected: once)");
    }

    @Test
    void saysWhereGzipDataEnd() {
        byte[] whole = TestingFiles.gzip("a,b\n" + randomRows(20_000));
        Path path = files.write("t.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> rows(path, "a"))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*t\\.csv\\.gz, after line \\d+: ends in the middle of its gzip data"
                        + " \\(expected: a whole file\\)");
        Path json = files.write("t.ndjson.gz", Arrays.copyOf(TestingFiles.gzip("{}\n"), 12));
        assertThatThrownBy(() -> rows(json, "a")).hasMessageContaining("ends in the middle of its gzip data");
    }

    @Test
    void saysThatGzipDataAreBroken() {
        byte[] bytes = TestingFiles.gzip("a,b\n" + randomRows(20_000));
        for (int i = bytes.length / 2; i < bytes.length / 2 + 64; i++) {
            bytes[i] ^= 0x55;
        }
        Path path = files.write("t.csv.gz", bytes);
        assertThatThrownBy(() -> failures(path, Row::line))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("gzip data");
    }

    private static String randomRows(int rows) {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            text.append(random.nextLong()).append(',').append(random.nextLong()).append('\n');
        }
        return text.toString();
    }

    @Test
    void saysInOneSentenceWhyAFileCannotBeOpened() {
        Path missing = directory.resolve("none.csv");
        assertThatThrownBy(() -> Table.open(missing))
                .hasMessage(missing + ": missing (expected: a file that can be read)");
        Path packed = files.write("t.csv.gz", "a,b\n");
        assertThatThrownBy(() -> Table.open(packed))
                .hasMessage(packed + ": not gzipped (expected: gzip, as its name says)");
        assertThatThrownBy(() -> Table.open(directory, TableFormat.CSV))
                .hasMessage(directory + ": a directory (expected: a file that can be read)");
        Path other = files.write("t.txt", "a");
        assertThatThrownBy(() -> Table.open(other))
                .hasMessage(
                        other + ": unknown ending (expected: .csv, .tsv, .ndjson, .jsonl, .parquet, .avro, .vw or .dat,"
                                + " then .gz or not)");
    }

    @Test
    void readsJsonLinesOfAllTypes() {
        Path path = files.write(
                "t.jsonl", "{\"a\":\"x\",\"n\":1.5,\"i\":7,\"b\":true,\"l\":[\"p\",\"q\"],\"s\":\"p|q\",\"z\":null}");
        try (Table table = Table.open(path)) {
            Row row = table.iterator().next();
            assertThat(row.text("a")).isEqualTo("x");
            assertThat(row.number("n")).isEqualTo(1.5);
            assertThat(row.integer("i")).isEqualTo(7);
            assertThat(row.text("b")).isEqualTo("true");
            assertThat(row.list("l", "|")).containsExactly("p", "q");
            assertThat(row.list("s", "|")).containsExactly("p", "q");
            assertThat(row.find("z")).isEmpty();
            assertThat(row.find("none")).isEmpty();
        }
    }

    @Test
    void readsFieldsWithinObjectsByTheirDots() {
        Path path =
                files.write("t.ndjson", "{\"a\":{\"b\":1,\"c.d\":2},\"a.b\":3}\n{\"a\":{\"b\":{\"c\":4}}}\n{\"a\":5}");
        List<Row> rows = new ArrayList<>();
        try (Table table = Table.open(path)) {
            table.forEach(rows::add);
        }
        assertThat(rows.get(0).integer("a.b")).isEqualTo(3);
        assertThat(rows.get(0).integer("a.c.d")).isEqualTo(2);
        assertThat(rows.get(1).integer("a.b.c")).isEqualTo(4);
        assertThat(rows.get(2).find("a.b")).isEmpty();
        assertThatThrownBy(() -> rows.get(1).text("a"))
                .hasMessage(path + ", line 2, column a: {\"b\":{\"c\":4}} (expected: a text, a number, true or false)");
    }

    @Test
    void readsWeightedSetsOfAllKinds() {
        Path path = files.write(
                "t.ndjson", "{\"w\":{\"b\":1.5,\"a\":2}}\n{\"w\":[\"b\",\"a\"]}\n{\"w\":\"b:1.5  a\"}\n{\"w\":{}}\n{}");
        List<List<Weight>> sets = new ArrayList<>();
        try (Table table = Table.open(path)) {
            table.forEach(row -> sets.add(row.weights("w")));
        }
        assertThat(sets)
                .containsExactly(
                        List.of(new Weight("b", 1.5), new Weight("a", 2)),
                        List.of(new Weight("b", 1), new Weight("a", 1)),
                        List.of(new Weight("b", 1.5), new Weight("a", 1)),
                        List.of(),
                        List.of());
        Path wrong = files.write("w.ndjson", "{\"w\":{\"b\":\"x\"}}\n{\"w\":5}\n{\"w\":\"a:\"}\n{\"w\":[1]}");
        assertThat(failures(wrong, row -> row.weights("w")))
                .containsExactly(
                        wrong + ", line 1, column w: b:x (expected: feature:value ..., values finite numbers)",
                        wrong + ", line 2, column w: 5 (expected: feature:value ..., values finite numbers)",
                        wrong + ", line 3, column w: a: (expected: feature:value ..., values finite numbers)",
                        wrong + ", line 4, column w: [1] (expected: a list of texts)");
    }

    @Test
    void writesARowAsItCouldStandInTheFile() {
        List<String> raw = new ArrayList<>();
        try (Table table = Table.open(files.write("t.tsv", "a\tb\tc\n\"x\ty\"\t\"say \"\"z\"\"\"\t1,2\n"))) {
            table.forEach(row -> raw.add(row.raw()));
        }
        try (Table table = Table.open(files.write("t.csv", "a,b,c\nx,\"1,2\",\"\"\n"))) {
            table.forEach(row -> raw.add(row.raw()));
        }
        assertThat(raw).containsExactly("\"x\ty\"\t\"say \"\"z\"\"\"\t1,2", "x,\"1,2\",");
        Path broken = files.write("u.tsv", "a\tb\n1\t\"2\n");
        assertThatThrownBy(() -> rows(broken, "a"))
                .hasMessage(broken + ", line 2: Unclosed quoted field at end of input"
                        + " (expected: TSV whose quotes are closed)");
    }

    @Test
    void goesOnAfterBrokenJsonLines() {
        Path path = files.write(
                "t.ndjson", "{\"a\":1}\n\n{\"a\":\n[1]\n{\"a\":1,\"a\":2}\n{\"a\":1}x\r\n{\"a\":{}}\n{\"a\":2}");
        assertThat(failures(path, row -> row.text("a")))
                .satisfiesExactly(
                        three -> assertThat(three)
                                .contains(", line 3: broken JSON")
                                .contains("one JSON object"),
                        four -> assertThat(four).contains(", line 4: [1] (expected: one JSON object)"),
                        five -> assertThat(five).contains(", line 5: broken JSON"),
                        six -> assertThat(six).contains(", line 6: broken JSON"),
                        seven -> assertThat(seven).contains(", line 7, column a: {} (expected: a text, a number"));
    }

    private static List<String> rows(Path path, String column) {
        List<String> values = new ArrayList<>();
        try (Table table = Table.open(path)) {
            table.forEach(row -> values.add(row.text(column)));
        }
        return values;
    }

    private interface Use {
        Object of(Row row);
    }

    private static List<String> failures(Path path, Use use) {
        List<String> failures = new ArrayList<>();
        try (Table table = Table.open(path)) {
            for (Row row : table) {
                try {
                    use.of(row);
                } catch (DataException e) {
                    failures.add(e.getMessage());
                }
            }
        }
        return failures;
    }
}
