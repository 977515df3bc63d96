package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.reason;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroSourceMapperTest {
    private static final String TEXT = """
            {"type": "record", "name": "Click", "namespace": "shop", "fields": [
              {"name": "id", "type": "string"},
              {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "product", "type": ["null", {"type": "record", "name": "Product", "fields": [
                {"name": "id", "type": "int"},
                {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["BOOK", "FILM"]}}]}]},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "more", "type": {"type": "map", "values": "double"}}]}""";
    private static final Schema SCHEMA = new Schema.Parser().parse(TEXT);
    private static final String SETTINGS = """
            as: events, kind: {field: product.kind}, id: id, time: {field: ts, unit: ms}, entities: {item: product.id},
            values: {price: product.price, tags: tags, depth: more.depth}""";

    @TempDir
    private static Path folder;

    private static GenericRecord click(Schema schema) {
        Schema product = schema.getField("product").schema().getTypes().get(1);
        GenericRecord inner = new GenericData.Record(product);
        inner.put("id", 7);
        inner.put(
                "price", ByteBuffer.wrap(new BigDecimal("12.50").unscaledValue().toByteArray()));
        inner.put("kind", new GenericData.EnumSymbol(product.getField("kind").schema(), "FILM"));
        GenericRecord click = new GenericData.Record(schema);
        click.put("id", "e-1");
        click.put("ts", TestingSources.NOW.toEpochMilli());
        click.put("product", inner);
        click.put("tags", List.of("a", "b"));
        click.put("more", Map.of("depth", 0.5));
        return click;
    }

    private static byte[] encoded(GenericRecord record, byte[] before) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(before);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static byte[] frame(int id) {
        return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
    }

    private static SourceMapper bare() throws Exception {
        Files.writeString(folder.resolve("click.avsc"), TEXT);
        return mapper("{format: avro, schema: click.avsc, " + SETTINGS + "}", folder, id -> Optional.empty());
    }

    private static SourceMapper framed(SchemaById schemas) throws Exception {
        return mapper("{format: avro, framing: confluent, " + SETTINGS + "}", folder, schemas);
    }

    private static final Event EXPECTED = new Event(
            "e-1",
            "FILM",
            TestingSources.MICROS,
            Map.of("item", "7"),
            Map.of("price", 12.5, "tags", List.of("a", "b"), "depth", 0.5));

    @Test
    void bareRecordsAreReadByTheSchemaOfTheFile() throws Exception {
        assertThat(taken(bare().map(record(encoded(click(SCHEMA), new byte[0]))))
                        .record())
                .isEqualTo(EXPECTED);
    }

    @Test
    void framedRecordsAreReadByTheSchemaOfTheirIdWhichMayChange() throws Exception {
        Schema more = new Schema.Parser()
                .parse(TEXT.replace("{\"name\": \"ts\"", "{\"name\": \"new\", \"type\": \"int\"}, {\"name\": \"ts\""));
        Schema less = new Schema.Parser()
                .parse(TEXT.replace(
                        ",\n  {\"name\": \"more\", \"type\": {\"type\": \"map\", \"values\": \"double\"}}", ""));
        Map<Integer, Schema> known = new HashMap<>(Map.of(1, SCHEMA, 2, more, 3, less));
        SourceMapper mapper = framed(id -> Optional.ofNullable(known.get(id)));
        GenericRecord withMore = click(more);
        withMore.put("new", 5);
        assertThat(taken(mapper.map(record(encoded(click(SCHEMA), frame(1))))).record())
                .isEqualTo(EXPECTED);
        assertThat(taken(mapper.map(record(encoded(withMore, frame(2))))).record())
                .isEqualTo(EXPECTED);
        GenericRecord withLess = new GenericData.Record(less);
        less.getFields()
                .forEach(field -> withLess.put(field.name(), click(SCHEMA).get(field.name())));
        assertThat(reason(mapper.map(record(encoded(withLess, frame(3))))))
                .isEqualTo("s: more.depth: missing (expected: a value)");
        assertThat(reason(mapper.map(record(encoded(click(SCHEMA), frame(9))))))
                .isEqualTo("s: record: schema id 9 (expected: one that the registry knows)");
    }

    @Test
    void aRegistryThatGivesNoAnswerIsNoProblemOfTheRecord() throws Exception {
        SourceMapper mapper = framed(id -> {
            throw new SchemaUnavailableException("registry does not answer", null);
        });
        SourceRecord record = record(encoded(click(SCHEMA), frame(1)));
        assertThatThrownBy(() -> mapper.map(record)).isInstanceOf(SchemaUnavailableException.class);
    }

    @Test
    void brokenBytesAreToldAndHarmTheNextRecordNot() throws Exception {
        SourceMapper mapper = bare();
        byte[] whole = encoded(click(SCHEMA), new byte[0]);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(reason(mapper.map(record(cut)))).startsWith("s: record: broken Avro data");
        }
        assertThat(reason(mapper.map(record(Arrays.copyOf(whole, whole.length + 1)))))
                .isEqualTo("s: record: bytes left over after the record (expected: bytes of the schema shop.Click)");
        assertThat(taken(mapper.map(record(whole))).record()).isEqualTo(EXPECTED);
    }

    @Test
    void aRecursiveSchemaThatNestsWithoutEndIsADeadLetter() throws Exception {
        Files.writeString(folder.resolve("list.avsc"), """
                {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}""");
        SourceMapper mapper =
                mapper("{format: avro, schema: list.avsc, as: events, kind: a}", folder, id -> Optional.empty());
        byte[] deep = new byte[900_000];
        Arrays.fill(deep, (byte) 2);
        deep[deep.length - 1] = 0;
        assertThat(reason(mapper.map(record(deep)))).startsWith("s: record: broken Avro data");
    }

    @Test
    void aSchemaThatCannotBeReadIsToldAtTheStart() throws Exception {
        Files.writeString(folder.resolve("broken.avsc"), "{");
        assertThatThrownBy(() -> mapper(
                        "{format: avro, schema: broken.avsc, as: events, kind: a}", folder, id -> Optional.empty()))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("sources:\n  sources.s.schema: broken.avsc: ")
                .hasMessageEndingWith("(expected: an Avro schema)");
        assertThatThrownBy(() -> mapper(
                        "{format: avro, schema: none.avsc, as: events, kind: a}", folder, id -> Optional.empty()))
                .isInstanceOf(SourceException.class)
                .hasMessageEndingWith("(expected: a file that can be read)");
    }
}
