package io.millrace.features.job.backfill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** A number of splits: of each the end, how far it was read, how many files, and of each of these name and length. */
final class HistorySplitSerializer implements SimpleVersionedSerializer<List<HistorySplit>> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(List<HistorySplit> splits) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        out.writeInt(splits.size());
        for (HistorySplit split : splits) {
            out.writeLong(split.untilMicros());
            out.writeLong(split.read());
            out.writeInt(split.files().size());
            for (int i = 0; i < split.files().size(); i++) {
                out.writeUTF(split.files().get(i));
                out.writeLong(split.lengths().get(i));
            }
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public List<HistorySplit> deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("history: version " + version + " (expected: " + VERSION + ")");
        }
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        int count = in.readInt();
        List<HistorySplit> splits = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            long untilMicros = in.readLong();
            long read = in.readLong();
            int size = in.readInt();
            List<String> files = new ArrayList<>();
            List<Long> lengths = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                files.add(in.readUTF());
                lengths.add(in.readLong());
            }
            splits.add(new HistorySplit(files, lengths, untilMicros, read));
        }
        return splits;
    }
}
