package io.millrace.ingestion.replay;

import io.millrace.ingestion.Records;
import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.record.Event;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Turns rows into events by a mapping. Stateless. */
public final class EventReader {
    private final String fileName;
    private final ReplayMapping mapping;

    /** @param fileName begins the ids of events that have none */
    public EventReader(String fileName, ReplayMapping mapping) {
        this.fileName = fileName;
        this.mapping = mapping;
    }

    /** An event and the key under which it is written. */
    public record Keyed(byte[] key, Event event) {}

    /** @throws DataException if the row does not hold what the mapping says */
    public Keyed read(Row row) {
        String id = id(row);
        String kind = kind(row);
        Map<String, String> entities = new LinkedHashMap<>();
        mapping.entities().forEach((type, column) -> row.find(column).ifPresent(entity -> entities.put(type, entity)));
        Map<String, Object> values = new LinkedHashMap<>();
        for (ValueColumn column : mapping.values()) {
            column.read(row).ifPresent(value -> values.put(column.name(), value));
        }
        Event event = new Event(id, kind, row.time(mapping.timeColumn(), mapping.timeFormat()), entities, values);
        return new Keyed(Records.eventKey(entities, kind), event);
    }

    private String id(Row row) {
        if (mapping.id() instanceof ReplayMapping.IdColumn column) {
            return row.text(column.column());
        }
        return idOfLine(fileName, row);
    }

    /** An id for what has none: of the file's name, the line and what stands there. */
    public static String idOfLine(String fileName, Row row) {
        CRC32C content = new CRC32C();
        content.update(row.raw().getBytes(StandardCharsets.UTF_8));
        return fileName + ":" + row.line() + ":" + Long.toHexString(content.getValue());
    }

    private String kind(Row row) {
        if (mapping.kind() instanceof ReplayMapping.KindColumn column) {
            return row.text(column.column());
        }
        return ((ReplayMapping.ConstantKind) mapping.kind()).kind();
    }
}
