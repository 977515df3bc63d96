package io.millrace.ingestion.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** Collects the pages of a column, as they stand in a file. */
@SuppressWarnings("deprecation") // The interface has it, and old writers call it.
final class TestingPages implements PageWriter {
    interface Packer {
        byte[] pack(byte[] bytes) throws IOException;
    }

    private final Packer packer;
    private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
    private byte[] dictionary = {};
    private long values;

    TestingPages(Packer packer) {
        this.packer = packer;
    }

    byte[] bytes() {
        byte[] all = new byte[dictionary.length + pages.size()];
        System.arraycopy(dictionary, 0, all, 0, dictionary.length);
        System.arraycopy(pages.toByteArray(), 0, all, dictionary.length, pages.size());
        return all;
    }

    /** Readers know the type of a column from the schema. */
    ColumnChunk chunk(List<String> path, CompressionCodec codec, long offset) {
        long size = dictionary.length + pages.size();
        ColumnMetaData data = new ColumnMetaData(
                Type.BYTE_ARRAY, List.of(), path, codec, values, size, size, offset + dictionary.length);
        if (dictionary.length > 0) {
            data.setDictionary_page_offset(offset);
        }
        ColumnChunk chunk = new ColumnChunk(offset);
        chunk.setMeta_data(data);
        return chunk;
    }

    @Override
    public void writePage(
            BytesInput bytes,
            int count,
            Statistics<?> none,
            Encoding repetition,
            Encoding definition,
            Encoding encoding)
            throws IOException {
        byte[] unpacked = bytes.toByteArray();
        byte[] packed = packer.pack(unpacked);
        PageHeader header = new PageHeader(PageType.DATA_PAGE, unpacked.length, packed.length);
        header.setData_page_header(new DataPageHeader(count, format(encoding), format(definition), format(repetition)));
        write(header, packed, pages);
        values += count;
    }

    @Override
    public void writePage(
            BytesInput bytes,
            int count,
            int rows,
            Statistics<?> none,
            SizeStatistics noSizes,
            Encoding repetition,
            Encoding definition,
            Encoding encoding)
            throws IOException {
        writePage(bytes, count, none, repetition, definition, encoding);
    }

    @Override
    public void writePage(
            BytesInput bytes,
            int count,
            int rows,
            Statistics<?> none,
            Encoding repetition,
            Encoding definition,
            Encoding encoding)
            throws IOException {
        writePage(bytes, count, none, repetition, definition, encoding);
    }

    @Override
    public void writePageV2(
            int rows,
            int nulls,
            int count,
            BytesInput repetition,
            BytesInput definition,
            Encoding encoding,
            BytesInput data,
            Statistics<?> none,
            SizeStatistics noSizes)
            throws IOException {
        writePageV2(rows, nulls, count, repetition, definition, encoding, data, none);
    }

    @Override
    public void writePageV2(
            int rows,
            int nulls,
            int count,
            BytesInput repetition,
            BytesInput definition,
            Encoding encoding,
            BytesInput data,
            Statistics<?> none)
            throws IOException {
        int levels = Math.toIntExact(repetition.size() + definition.size());
        BytesInput packed = BytesInput.from(packer.pack(data.toByteArray()));
        byte[] all = BytesInput.concat(repetition, definition, packed).toByteArray();
        PageHeader header = new PageHeader(PageType.DATA_PAGE_V2, levels + (int) data.size(), all.length);
        header.setData_page_header_v2(new DataPageHeaderV2(
                count, nulls, rows, format(encoding), (int) definition.size(), (int) repetition.size()));
        write(header, all, pages);
        values += count;
    }

    @Override
    public void writeDictionaryPage(DictionaryPage page) throws IOException {
        byte[] unpacked = page.getBytes().toByteArray();
        byte[] packed = packer.pack(unpacked);
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, unpacked.length, packed.length);
        header.setDictionary_page_header(
                new DictionaryPageHeader(page.getDictionarySize(), format(page.getEncoding())));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        write(header, packed, written);
        dictionary = written.toByteArray();
    }

    private static void write(PageHeader header, byte[] packed, ByteArrayOutputStream into) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(packed);
        header.setCrc((int) crc.getValue());
        Util.writePageHeader(header, into);
        into.write(packed);
    }

    private static org.apache.parquet.format.Encoding format(Encoding encoding) {
        return org.apache.parquet.format.Encoding.valueOf(encoding.name());
    }

    @Override
    public long getMemSize() {
        return pages.size();
    }

    @Override
    public long allocatedSize() {
        return pages.size();
    }

    @Override
    public String memUsageString(String prefix) {
        return prefix + pages.size();
    }
}
