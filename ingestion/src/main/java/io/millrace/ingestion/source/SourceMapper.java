package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SourceSpec.Envelope;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** From the bytes of a source's record to a record of ours. */
public final class SourceMapper {
    private static final Mapped TOMBSTONE = new Mapped.PassedOver("a record without a value");
    private static final Mapped NO_ROW = new Mapped.PassedOver("a change that leaves no row, such as a delete");

    private final SourceSpec source;
    private final Decoder decoder;
    private final RecordMapper mapper;

    private SourceMapper(PipelineSpec spec, SourceSpec source, Decoder decoder, Clock clock) {
        this.source = source;
        this.decoder = decoder;
        this.mapper = new RecordMapper(spec, source, clock);
    }

    /**
     * Reads the source's schema, where that is a file.
     *
     * @param spec whose features decisions have
     * @param folder of the spec, to which files are relative
     * @param schemas for what is framed
     * @param clock against which times are held
     * @throws SourceException if the schema cannot be read
     */
    public static SourceMapper of(PipelineSpec spec, SourceSpec source, Path folder, SchemaById schemas, Clock clock)
            throws SourceException {
        return new SourceMapper(spec, source, Decoders.of(source, folder, schemas), clock);
    }

    /**
     * What a record becomes.
     *
     * @throws SchemaUnavailableException if its schema cannot be had now: it has to be tried again
     */
    public Mapped map(SourceRecord record) {
        byte[] value = record.value();
        if (value == null) {
            return TOMBSTONE;
        }
        try {
            JsonNode tree = decoder.decode(value);
            Optional<JsonNode> row = source.envelope() == Envelope.DEBEZIUM ? Debezium.after(tree) : Optional.of(tree);
            return row.isEmpty() ? NO_ROW : mapper.map(record, row.get());
        } catch (UndecodableException e) {
            return new Mapped.Rejected(source.name(), List.of(e.problem()));
        }
    }
}
