package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

class ParquetSourceTest {
    private static final MessageType WORDS =
            MessageTypeParser.parseMessageType("message m { repeated binary word (UTF8); required int64 i; }");

    @Test
    void readsEveryCompressionVersionAndSizeOfPagesAndGroups() throws IOException {
        for (CompressionCodec codec : CompressionCodec.values()) {
            if (!ParquetCodec.reads(codec)) {
                continue;
            }
            for (long seed = 1; seed <= 10; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                List<List<String>> words = words(random);
                TestingParquet writer = new TestingParquet(WORDS)
                        .codec(codec)
                        .groupRows(1 + random.nextInt(300))
                        .pageRows(1 + random.nextInt(100));
                if (random.nextBoolean()) {
                    writer.version2();
                }
                if (random.nextBoolean()) {
                    writer.withoutDictionary();
                }
                List<List<String>> read = new ArrayList<>();
                try (Table table = open(writer.write(groups(words)))) {
                    for (Row row : table) {
                        assertThat(row.integer("i")).isEqualTo(read.size() + 1).isEqualTo(row.line());
                        read.add(row.list("word", "|"));
                    }
                }
                assertThat(read).as(codec + ", seed " + seed).isEqualTo(words);
            }
        }
    }

    private static List<List<String>> words(SplittableRandom random) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = random.nextInt(1_000); i >= 0; i--) {
            List<String> words = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                words.add("w" + random.nextInt(1 << random.nextInt(20)));
            }
            rows.add(words);
        }
        return rows;
    }

    private static List<Group> groups(List<List<String>> rows) {
        List<Group> groups = new ArrayList<>();
        for (List<String> words : rows) {
            Group group = new SimpleGroup(WORDS);
            words.forEach(word -> group.add("word", word));
            group.add("i", (long) groups.size() + 1);
            groups.add(group);
        }
        return groups;
    }

    @Test
    void readsWhatValuesMean() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message m {
                  required int32 small (INT_8);
                  required int32 unsigned (UINT_32);
                  required int64 huge (UINT_64);
                  required int32 day (DATE);
                  required int32 clock (TIME_MILLIS);
                  required int64 millis (TIMESTAMP(MILLIS,true));
                  required int64 micros (TIMESTAMP(MICROS,false));
                  required int64 nanos (TIMESTAMP(NANOS,true));
                  required int96 impala;
                  required int32 cents (DECIMAL(9,2));
                  required binary big (DECIMAL(30,3));
                  required fixed_len_byte_array(16) id (UUID);
                  required fixed_len_byte_array(2) half (FLOAT16);
                  required float single;
                  required binary plain;
                  required binary broken;
                }
                """);
        ByteBuffer impala = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        impala.putLong(3_600_000_000_001L).putInt(2_440_589);
        Group group = new SimpleGroup(schema)
                .append("small", -5)
                .append("unsigned", -1)
                .append("huge", -1L)
                .append("day", 11_323)
                .append("clock", 3_600_500)
                .append("millis", 978_339_600_001L)
                .append("micros", 978_339_600_000_001L)
                .append("nanos", -1L)
                .append("impala", Binary.fromConstantByteArray(impala.array()))
                .append("cents", -1_05)
                .append("big", Binary.fromConstantByteArray(new BigInteger("12345678901234567890123").toByteArray()))
                .append("id", Binary.fromConstantByteArray(bytes(16)))
                .append("half", Binary.fromConstantByteArray(new byte[] {0x00, (byte) 0xC1}))
                .append("single", 0.1f)
                .append("plain", "é")
                .append("broken", Binary.fromConstantByteArray(new byte[] {'c', (byte) 0xE9}));
        try (Table table = open(new TestingParquet(schema).write(List.of(group)))) {
            Row row = table.iterator().next();
            assertThat(row.integer("small")).isEqualTo(-5);
            assertThat(row.integer("unsigned")).isEqualTo(4_294_967_295L);
            assertThat(row.text("huge")).isEqualTo("18446744073709551615");
            assertThatThrownBy(() -> row.integer("huge"))
                    .hasMessage("x, row 1, column huge: 18446744073709551615 (expected: an integer)");
            assertThat(row.text("day")).isEqualTo("2001-01-01");
            assertThat(row.text("clock")).isEqualTo("01:00:00.500");
            assertThat(row.text("millis")).isEqualTo("2001-01-01T09:00:00.001Z");
            assertThat(row.text("micros")).isEqualTo("2001-01-01T09:00:00.000001");
            assertThat(row.text("nanos")).isEqualTo("1969-12-31T23:59:59.999999999Z");
            assertThat(row.text("impala")).isEqualTo("1970-01-02T01:00:00.000000001Z");
            assertThat(row.text("cents")).isEqualTo("-1.05");
            assertThat(row.number("cents")).isEqualTo(-1.05);
            assertThat(row.text("big")).isEqualTo("12345678901234567890.123");
            assertThat(row.text("id")).isEqualTo("00010203-0405-0607-0809-0a0b0c0d0e0f");
            assertThat(row.number("half")).isEqualTo(-2.5);
            assertThat(row.text("single")).isEqualTo("0.1");
            assertThat(row.number("single")).isEqualTo(0.1f);
            assertThat(row.text("plain")).isEqualTo("é");
            assertThatThrownBy(() -> row.text("broken"))
                    .hasMessage("x, row 1, column broken: c\uFFFD (expected: a text in UTF-8)");
            assertThat(row.raw())
                    .startsWith("{\"small\":-5,\"unsigned\":4294967295,\"huge\":18446744073709551615,")
                    .contains("\"millis\":\"2001-01-01T09:00:00.001Z\"");
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Test
    void readsListsOfAllShapesAndSaysWhichItDoesNot() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message m {
                  optional group two (LIST) { repeated binary array (UTF8); }
                  optional group holes (LIST) { repeated group list { optional binary element (UTF8); } }
                  optional group deep (LIST) { repeated group list { required group element { required int32 a; } } }
                  repeated group bare { required int32 a; }
                  required int32 last;
                }
                """);
        Group group = new SimpleGroup(schema);
        Group two = group.addGroup("two");
        two.add("array", "p");
        two.add("array", "q");
        Group holes = group.addGroup("holes");
        holes.addGroup("list").add("element", "p");
        holes.addGroup("list");
        group.addGroup("deep").addGroup("list").addGroup("element").add("a", 1);
        group.addGroup("bare").add("a", 1);
        group.add("last", 7);
        try (Table table = open(new TestingParquet(schema).write(List.of(group)))) {
            assertThat(table.columns()).containsExactly("two", "holes", "deep", "bare", "last");
            Row row = table.iterator().next();
            assertThat(row.list("two", "|")).containsExactly("p", "q");
            assertThat(row.weights("two")).containsExactly(new Weight("p", 1), new Weight("q", 1));
            assertThatThrownBy(() -> row.list("holes", "|"))
                    .hasMessage("x, row 1, column holes: [\"p\",null] (expected: a list of texts)");
            assertThatThrownBy(() -> row.text("two"))
                    .hasMessage("x, row 1, column two: [\"p\",\"q\"] (expected: a text, a number, true or false)");
            for (String nested : List.of("deep", "bare")) {
                assertThatThrownBy(() -> row.list(nested, "|"))
                        .hasMessage("x, row 1, column " + nested + ": lists or maps within others"
                                + " (expected: values, lists of values, or maps of values)");
            }
            assertThat(row.integer("last")).isEqualTo(7);
        }
    }

    @Test
    void saysThatAFileIsNotWholeWhereverItEnds() throws IOException {
        byte[] whole = new TestingParquet(WORDS).groupRows(3).write(groups(words(new SplittableRandom(1))));
        for (int length = 0; length < whole.length; length += length < 100 ? 1 : 37) {
            byte[] part = Arrays.copyOf(whole, length);
            String expected = length == 0
                    ? "x: empty (expected: a Parquet file)"
                    : length < 4
                            ? "x: no Parquet magic number (expected: a Parquet file)"
                            : "x: ends without a footer (expected: a whole Parquet file)";
            assertThatThrownBy(() -> open(part))
                    .isInstanceOf(DataException.class)
                    .hasMessage(expected);
        }
        assertThatThrownBy(() -> open("a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("x: no Parquet magic number (expected: a Parquet file)");
        byte[] encrypted = whole.clone();
        encrypted[whole.length - 1] = 'E';
        assertThatThrownBy(() -> open(encrypted)).hasMessage("x: encrypted (expected: a Parquet file that is not)");
    }

    @Test
    void findsAFlippedBitInAPage() throws IOException {
        byte[] bytes = new TestingParquet(WORDS).write(groups(words(new SplittableRandom(1))));
        bytes[bytes.length / 3] ^= 4;
        assertThatThrownBy(() -> {
                    try (Table table = open(bytes)) {
                        table.forEach(row -> {});
                    }
                })
                .isInstanceOf(DataException.class)
                .hasMessage("x: broken Parquet data, a page has another checksum than its header says"
                        + " (expected: a whole Parquet file)");
    }

    private static Table open(byte[] bytes) {
        return Table.read("x", new ByteArrayInputStream(bytes), TableFormat.PARQUET);
    }
}
