package io.millrace.ingestion.table;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.xerial.snappy.Snappy;

/** Writes Parquet files with the encodings of Parquet's own library; pages, groups and footer are put together here. */
final class TestingParquet {
    private static final String MAGIC = "PAR1";

    private final MessageType schema;
    private CompressionCodec codec = CompressionCodec.UNCOMPRESSED;
    private ParquetProperties.WriterVersion version = ParquetProperties.WriterVersion.PARQUET_1_0;
    private int groupRows = Integer.MAX_VALUE;
    private int pageRows = 20_000;
    private boolean hasDictionary = true;

    TestingParquet(MessageType schema) {
        this.schema = schema;
    }

    TestingParquet codec(CompressionCodec with) {
        codec = with;
        return this;
    }

    /** Data pages of version 2, with their encodings. */
    TestingParquet version2() {
        version = ParquetProperties.WriterVersion.PARQUET_2_0;
        return this;
    }

    TestingParquet groupRows(int rows) {
        groupRows = rows;
        return this;
    }

    TestingParquet pageRows(int rows) {
        pageRows = rows;
        return this;
    }

    TestingParquet withoutDictionary() {
        hasDictionary = false;
        return this;
    }

    byte[] write(List<Group> rows) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(MAGIC.getBytes(StandardCharsets.US_ASCII));
        List<RowGroup> groups = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += Math.min(groupRows, rows.size())) {
            List<Group> some = rows.subList(from, Math.min(rows.size(), from + Math.min(groupRows, rows.size())));
            groups.add(group(some, file));
        }
        int footerStart = file.size();
        Util.writeFileMetaData(new FileMetaData(1, TestingParquetSchema.elements(schema), rows.size(), groups), file);
        file.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(file.size() - footerStart)
                .array());
        file.write(MAGIC.getBytes(StandardCharsets.US_ASCII));
        return file.toByteArray();
    }

    private RowGroup group(List<Group> rows, ByteArrayOutputStream file) throws IOException {
        Map<ColumnDescriptor, TestingPages> pages = new LinkedHashMap<>();
        schema.getColumns().forEach(column -> pages.put(column, new TestingPages(this::pack)));
        PageWriteStore store = pages::get;
        ParquetProperties properties = ParquetProperties.builder()
                .withWriterVersion(version)
                .withPageRowCountLimit(pageRows)
                .withDictionaryEncoding(hasDictionary)
                .build();
        MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
        try (ColumnWriteStore writers = properties.newColumnWriteStore(schema, store)) {
            RecordConsumer consumer = columns.getRecordWriter(writers);
            GroupWriter writer = new GroupWriter(consumer, schema);
            rows.forEach(writer::write);
            consumer.flush();
            writers.flush();
        }
        List<ColumnChunk> chunks = new ArrayList<>();
        long size = 0;
        for (Map.Entry<ColumnDescriptor, TestingPages> column : pages.entrySet()) {
            TestingPages chunk = column.getValue();
            chunks.add(chunk.chunk(Arrays.asList(column.getKey().getPath()), codec, file.size()));
            size += chunk.bytes().length;
            file.write(chunk.bytes());
        }
        return new RowGroup(chunks, size, rows.size());
    }

    private byte[] pack(byte[] bytes) throws IOException {
        return switch (codec) {
            case SNAPPY -> Snappy.compress(bytes);
            case GZIP -> TestingFiles.gzip(bytes);
            case ZSTD -> Zstd.compress(bytes);
            case UNCOMPRESSED, LZO, BROTLI, LZ4, LZ4_RAW -> bytes;
        };
    }
}
