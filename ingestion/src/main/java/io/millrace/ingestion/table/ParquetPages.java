package io.millrace.ingestion.table;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** The pages of one column in one group of rows, read when they are asked for. Not thread-safe. */
final class ParquetPages implements PageReader {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_PAGE = 1 << 29;

    private final ColumnMetaData chunk;
    private final InputStream input;
    private @Nullable PageHeader ahead;

    ParquetPages(FileChannel channel, ColumnMetaData chunk) {
        this.chunk = chunk;
        long data = chunk.getData_page_offset();
        long dictionary = chunk.getDictionary_page_offset();
        boolean isFirst = chunk.isSetDictionary_page_offset() && dictionary > 0 && dictionary < data;
        long from = isFirst ? dictionary : data;
        this.input = new BufferedInputStream(new Range(channel, from, from + chunk.getTotal_compressed_size()), BUFFER);
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getNum_values();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        try {
            PageHeader header = header();
            if (header.getType() != PageType.DICTIONARY_PAGE) {
                ahead = header;
                return null;
            }
            Encoding encoding = encoding(header.getDictionary_page_header().getEncoding());
            return new DictionaryPage(
                    BytesInput.from(unpacked(header)),
                    header.getDictionary_page_header().getNum_values(),
                    encoding);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public DataPage readPage() {
        try {
            PageHeader header = ahead == null ? header() : ahead;
            ahead = null;
            return switch (header.getType()) {
                case DATA_PAGE -> version1(header);
                case DATA_PAGE_V2 -> version2(header);
                case DICTIONARY_PAGE, INDEX_PAGE ->
                    throw new IOException("a page of type " + header.getType() + " (expected: one with data)");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PageHeader header() throws IOException {
        while (true) {
            PageHeader header = Util.readPageHeader(input);
            if (header.getCompressed_page_size() < 0
                    || header.getUncompressed_page_size() < 0
                    || Math.max(header.getCompressed_page_size(), header.getUncompressed_page_size()) > MAX_PAGE) {
                throw new IOException("a page of " + header.getUncompressed_page_size() + " bytes (expected: at most "
                        + MAX_PAGE + ")");
            }
            if (header.getType() != PageType.INDEX_PAGE) {
                return header;
            }
            input.skipNBytes(header.getCompressed_page_size());
        }
    }

    private DataPageV1 version1(PageHeader header) throws IOException {
        DataPageHeader page = header.getData_page_header();
        byte[] bytes = unpacked(header);
        return new DataPageV1(
                BytesInput.from(bytes),
                page.getNum_values(),
                bytes.length,
                null,
                encoding(page.getRepetition_level_encoding()),
                encoding(page.getDefinition_level_encoding()),
                encoding(page.getEncoding()));
    }

    /** Levels stand before the data, and are never compressed. */
    private DataPageV2 version2(PageHeader header) throws IOException {
        DataPageHeaderV2 page = header.getData_page_header_v2();
        byte[] bytes = packed(header);
        int repetition = page.getRepetition_levels_byte_length();
        int definition = page.getDefinition_levels_byte_length();
        int levels = repetition + definition;
        if (repetition < 0 || definition < 0 || levels < 0 || levels > bytes.length) {
            throw new IOException("levels of " + levels + " bytes (expected: at most " + bytes.length + ")");
        }
        int size = header.getUncompressed_page_size() - levels;
        byte[] data = new byte[bytes.length - levels];
        System.arraycopy(bytes, levels, data, 0, data.length);
        boolean isPacked = (!page.isSetIs_compressed() || page.isIs_compressed()) && size > 0;
        return DataPageV2.uncompressed(
                page.getNum_rows(),
                page.getNum_nulls(),
                page.getNum_values(),
                BytesInput.from(bytes, 0, repetition),
                BytesInput.from(bytes, repetition, definition),
                encoding(page.getEncoding()),
                BytesInput.from(isPacked ? ParquetCodec.unpack(chunk.getCodec(), data, size) : data),
                null);
    }

    private byte[] unpacked(PageHeader header) throws IOException {
        return ParquetCodec.unpack(chunk.getCodec(), packed(header), header.getUncompressed_page_size());
    }

    private byte[] packed(PageHeader header) throws IOException {
        byte[] packed = input.readNBytes(header.getCompressed_page_size());
        if (packed.length < header.getCompressed_page_size()) {
            throw new EOFException("a page ends early");
        }
        if (header.isSetCrc()) {
            CRC32 crc = new CRC32();
            crc.update(packed);
            if ((int) crc.getValue() != header.getCrc()) {
                throw new IOException("a page has another checksum than its header says");
            }
        }
        return packed;
    }

    private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
        return Encoding.valueOf(encoding.name());
    }

    /** A part of a file as a stream, which has no position in common with other parts. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Range(FileChannel channel, long from, long end) {
            this.channel = channel;
            this.position = from;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int most = (int) Math.min(length, end - position);
            if (most <= 0) {
                return -1;
            }
            int read = channel.read(ByteBuffer.wrap(into, offset, most), position);
            position += Math.max(0, read);
            return read;
        }
    }
}
