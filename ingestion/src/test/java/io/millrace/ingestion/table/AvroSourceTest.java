package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

class AvroSourceTest {
    private static final Schema LONGS = SchemaBuilder.record("r")
            .fields()
            .requiredLong("i")
            .requiredString("text")
            .endRecord();
    private static final int ROWS = 100;

    @Test
    void readsEveryCodecThatItSays() throws IOException {
        for (CodecFactory codec : List.of(
                CodecFactory.nullCodec(),
                CodecFactory.deflateCodec(6),
                CodecFactory.snappyCodec(),
                CodecFactory.zstandardCodec(3))) {
            assertThat(rows(longs(codec))).as(codec.toString()).isEqualTo(ROWS);
        }
        byte[] other = longs(CodecFactory.bzip2Codec());
        assertThatThrownBy(() -> open(other))
                .isInstanceOf(DataException.class)
                .hasMessage("x: compressed with bzip2 (expected: null, deflate, snappy or zstandard)");
    }

    private static byte[] longs(CodecFactory codec) throws IOException {
        List<Object> records = new ArrayList<>();
        for (long i = 0; i < ROWS; i++) {
            records.add(new GenericRecordBuilder(LONGS)
                    .set("i", i)
                    .set("text", "text " + i)
                    .build());
        }
        return TestingTables.avro(LONGS, records, codec, 30);
    }

    private static long rows(byte[] bytes) {
        try (Table table = open(bytes)) {
            long rows = 0;
            for (Row row : table) {
                assertThat(row.integer("i")).isEqualTo(rows);
                rows++;
                assertThat(row.line()).isEqualTo(rows);
            }
            return rows;
        }
    }

    @Test
    void saysThatAFileIsNotWholeWhereverABlockEnds() throws IOException {
        byte[] whole = longs(CodecFactory.nullCodec());
        List<Long> readable = new ArrayList<>();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            try {
                readable.add(rows(part));
            } catch (DataException e) {
                assertThat(e.getMessage())
                        .as("length " + length)
                        .matches("x(, after row \\d+)?: (ends in the middle of its Avro data \\(expected: a whole Avro"
                                + " file\\)|(empty|no Avro magic number) \\(expected: an Avro object container"
                                + " file\\))");
            }
        }
        assertThat(readable).containsExactly(0L, 30L, 60L, 90L);
    }

    @Test
    void readsWhatValuesMean() throws IOException {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "r", "fields": [
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "clock", "type": {"type": "long", "logicalType": "time-micros"}},
                  {"name": "millis", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                  {"name": "micros", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
                  {"name": "nanos", "type": {"type": "long", "logicalType": "timestamp-nanos"}},
                  {"name": "cents", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "kind", "type": {"type": "enum", "name": "k", "symbols": ["A", "B"]}},
                  {"name": "bytes", "type": "bytes"},
                  {"name": "single", "type": "float"},
                  {"name": "either", "type": ["string", "long", "null"]},
                  {"name": "ints", "type": {"type": "array", "items": "int"}},
                  {"name": "weights", "type": {"type": "map", "values": ["null", "double"]}},
                  {"name": "nothing", "type": "null"}]}
                """);
        Map<String, Double> weights = new LinkedHashMap<>();
        weights.put("z", 1.5);
        weights.put("a", 2.0);
        GenericRecordBuilder record = new GenericRecordBuilder(schema)
                .set("day", 11_323)
                .set("clock", 3_600_000_001L)
                .set("millis", 978_339_600_001L)
                .set("micros", 978_339_600_000_001L)
                .set("nanos", -1L)
                .set("cents", ByteBuffer.wrap(BigInteger.valueOf(-105).toByteArray()))
                .set("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"))
                .set("bytes", ByteBuffer.wrap(new byte[] {'c', (byte) 0xE9}))
                .set("single", 0.1f)
                .set("either", 7L)
                .set("ints", List.of(1, 2))
                .set("weights", weights)
                .set("nothing", null);
        byte[] bytes = TestingTables.avro(schema, List.of(record.build()), CodecFactory.nullCodec(), 1);
        try (Table table = open(bytes)) {
            Row row = table.iterator().next();
            assertThat(row.text("day")).isEqualTo("2001-01-01");
            assertThat(row.text("clock")).isEqualTo("01:00:00.000001");
            assertThat(row.text("millis")).isEqualTo("2001-01-01T09:00:00.001Z");
            assertThat(row.text("micros")).isEqualTo("2001-01-01T09:00:00.000001");
            assertThat(row.text("nanos")).isEqualTo("1969-12-31T23:59:59.999999999Z");
            assertThat(row.number("cents")).isEqualTo(-1.05);
            assertThat(row.text("kind")).isEqualTo("B");
            assertThatThrownBy(() -> row.text("bytes"))
                    .hasMessage("x, row 1, column bytes: c\uFFFD (expected: a text in UTF-8)");
            assertThat(row.text("single")).isEqualTo("0.1");
            assertThat(row.integer("either")).isEqualTo(7);
            assertThatThrownBy(() -> row.list("ints", "|"))
                    .hasMessage("x, row 1, column ints: [1,2] (expected: a list of texts)");
            assertThat(row.weights("weights")).containsExactly(new Weight("z", 1.5), new Weight("a", 2));
            assertThat(row.find("nothing")).isEmpty();
        }
    }

    @Test
    void namesFieldsWithinRecordsByDots() throws IOException {
        Schema node = new Schema.Parser().parse("""
                {"type": "record", "name": "node", "fields": [
                  {"name": "a", "type": "int"},
                  {"name": "inner", "type": ["null", {"type": "record", "name": "in", "fields": [
                    {"name": "b", "type": "int"},
                    {"name": "next", "type": ["null", "node"]}]}]}]}
                """);
        Schema in = node.getField("inner").schema().getTypes().get(1);
        Object leaf =
                new GenericRecordBuilder(node).set("a", 3).set("inner", null).build();
        Object inner =
                new GenericRecordBuilder(in).set("b", 2).set("next", leaf).build();
        Object root =
                new GenericRecordBuilder(node).set("a", 1).set("inner", inner).build();
        byte[] bytes = TestingTables.avro(node, List.of(root, leaf), CodecFactory.nullCodec(), 1);
        try (Table table = open(bytes)) {
            assertThat(table.columns()).containsExactly("a", "inner.b", "inner.next");
            List<Row> rows = new ArrayList<>();
            table.forEach(rows::add);
            assertThat(rows.get(0).integer("inner.b")).isEqualTo(2);
            assertThatThrownBy(() -> rows.get(0).text("inner.next"))
                    .hasMessage("x, row 1, column inner.next: {\"a\":3,\"inner\":null}"
                            + " (expected: a text, a number, true or false)");
            assertThat(rows.get(1).find("inner.b")).isEmpty();
            assertThat(rows.get(1).raw()).isEqualTo("{\"a\":3,\"inner.b\":null,\"inner.next\":null}");
        }
    }

    @Test
    void refusesWhatHoldsNoRecords() throws IOException {
        Schema schema = Schema.create(Schema.Type.LONG);
        byte[] bytes = TestingTables.avro(schema, List.of(1L), CodecFactory.nullCodec(), 1);
        assertThatThrownBy(() -> open(bytes))
                .hasMessage("x: long (expected: an Avro object container file of records)");
    }

    private static Table open(byte[] bytes) {
        return Table.read("x", new ByteArrayInputStream(bytes), TableFormat.AVRO);
    }
}
