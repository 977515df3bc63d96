package io.millrace.ingestion.table;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The same rows in every format. */
final class TestingTables {
    private static final Schema AVRO = new Schema.Parser().parse("""
            {"type": "record", "name": "Row", "fields": [
              {"name": "name", "type": ["null", "string"]},
              {"name": "real", "type": ["double", "null"]},
              {"name": "count", "type": ["null", "long"]},
              {"name": "flag", "type": "boolean"},
              {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "weights", "type": ["null", {"type": "map", "values": "double"}]},
              {"name": "inner", "type": {"type": "record", "name": "Inner", "fields": [
                {"name": "x", "type": ["null", "int"]}]}}]}
            """);
    private static final MessageType PARQUET = MessageTypeParser.parseMessageType("""
            message row {
              optional binary name (UTF8);
              optional double real;
              optional int64 count;
              required boolean flag;
              required int64 time (TIMESTAMP_MILLIS);
              optional group tags (LIST) { repeated group list { required binary element (UTF8); } }
              optional group weights (MAP) {
                repeated group key_value { required binary key (UTF8); required double value; } }
              required group inner { optional int32 x; }
            }
            """);

    private TestingTables() {}

    /** What the columns hold, of which texts and sets may be empty. */
    record Line(
            String name,
            Optional<Double> real,
            Optional<Long> count,
            boolean flag,
            Instant time,
            List<String> tags,
            Map<String, Double> weights,
            Optional<Integer> inner) {}

    /** What separates the elements of a list where the format has no lists. */
    static String separator(TableFormat format) {
        return format == TableFormat.VW ? " " : "|";
    }

    static byte[] write(TableFormat format, List<Line> lines) {
        try {
            return switch (format) {
                case CSV -> separated(lines, ",");
                case TSV -> separated(lines, "\t");
                case NDJSON -> json(lines);
                case VW -> vw(lines);
                case AVRO -> avro(lines);
                case PARQUET ->
                    new TestingParquet(PARQUET).groupRows(64).pageRows(10).write(groups(lines));
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] separated(List<Line> lines, String separator) {
        StringBuilder text = new StringBuilder(
                String.join(separator, "name", "real", "count", "flag", "time", "tags", "weights", "inner.x"));
        for (Line line : lines) {
            String row = List.of(
                            line.name(),
                            text(line.real()),
                            text(line.count()),
                            Boolean.toString(line.flag()),
                            line.time().toString(),
                            String.join("|", line.tags()),
                            weights(line),
                            text(line.inner()))
                    .stream()
                    .map(field -> field.contains(separator) || field.contains("\"") || field.contains("\n")
                            ? '"' + field.replace("\"", "\"\"") + '"'
                            : field)
                    .collect(Collectors.joining(separator));
            text.append('\n').append(row);
        }
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    private static String weights(Line line) {
        return line.weights().entrySet().stream()
                .map(weight -> weight.getKey() + ":" + weight.getValue())
                .collect(Collectors.joining(" "));
    }

    private static byte[] json(List<Line> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", line.name());
            object.put("real", line.real().orElse(null));
            object.put("count", line.count().orElse(null));
            object.put("flag", line.flag());
            object.put("time", line.time().toString());
            object.put("tags", line.tags());
            object.put("weights", line.weights());
            line.inner().ifPresent(x -> object.put("inner", Map.of("x", x)));
            text.append(new JsonMapper().writeValueAsString(object)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] vw(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append("1 |time ").append(line.time()).append(" |flag ").append(line.flag());
            text.append(" |name ").append(line.name());
            text.append(" |weights ").append(weights(line)).append(" |tags ").append(String.join(" ", line.tags()));
            line.real().ifPresent(real -> text.append("|real ").append(real));
            line.count().ifPresent(count -> text.append("|count ").append(count));
            line.inner().ifPresent(x -> text.append("|inner.x ").append(x));
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] avro(List<Line> lines) throws IOException {
        List<GenericRecord> records = new ArrayList<>();
        Schema inner = AVRO.getField("inner").schema();
        for (Line line : lines) {
            records.add(new GenericRecordBuilder(AVRO)
                    .set("name", line.name().isEmpty() ? null : line.name())
                    .set("real", line.real().orElse(null))
                    .set("count", line.count().orElse(null))
                    .set("flag", line.flag())
                    .set("time", line.time().toEpochMilli())
                    .set("tags", line.tags())
                    .set("weights", line.weights().isEmpty() ? null : line.weights())
                    .set(
                            "inner",
                            new GenericRecordBuilder(inner)
                                    .set("x", line.inner().orElse(null))
                                    .build())
                    .build());
        }
        return avro(AVRO, records, CodecFactory.deflateCodec(1), 64);
    }

    /** @param every how many records a block holds */
    static byte[] avro(Schema schema, List<?> records, CodecFactory codec, int every) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(codec).create(schema, bytes);
            int written = 0;
            for (Object record : records) {
                writer.append(record);
                written++;
                if (written % every == 0) {
                    writer.sync();
                }
            }
        }
        return bytes.toByteArray();
    }

    private static List<Group> groups(List<Line> lines) {
        Function<Line, Group> group = line -> {
            Group row = new SimpleGroup(PARQUET);
            if (!line.name().isEmpty()) {
                row.add("name", line.name());
            }
            line.real().ifPresent(real -> row.add("real", real));
            line.count().ifPresent(count -> row.add("count", count));
            row.add("flag", line.flag());
            row.add("time", line.time().toEpochMilli());
            Group tags = row.addGroup("tags");
            line.tags().forEach(tag -> tags.addGroup("list").add("element", tag));
            Group weights = row.addGroup("weights");
            line.weights()
                    .forEach((name, weight) ->
                            weights.addGroup("key_value").append("key", name).append("value", weight));
            Group inner = row.addGroup("inner");
            line.inner().ifPresent(x -> inner.add("x", x));
            return row;
        };
        return lines.stream().map(group).toList();
    }
}
