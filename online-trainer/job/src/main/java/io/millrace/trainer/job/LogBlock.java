package io.millrace.trainer.job;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/**
 * Consecutive records of one partition of {@code examples}, in the order of the log: what travels from the source to the
 * shards, so that what Flink asks for each element is paid once for hundreds of examples. Offsets may leave gaps.
 *
 * <p>The bytes hold for each record its offset (8 bytes), its value's length (4 bytes), both little-endian, and the value. They
 * live no longer than a run of the job and are stored nowhere. Public because Flink makes them.
 */
@SuppressWarnings("unchecked") // Tuple2.copy() narrows Tuple's
public final class LogBlock extends Tuple2<Integer, byte[]> implements Iterable<LogRecord> {
    static final TypeInformation<LogBlock> TYPE =
            new TupleTypeInfo<>(LogBlock.class, Types.INT, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long serialVersionUID = 1L;
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    public LogBlock() {}

    private LogBlock(int partition, byte[] packed) {
        super(partition, packed);
    }

    int partition() {
        return f0;
    }

    @Override
    public Iterator<LogRecord> iterator() {
        return new Unpacking(f0, f1);
    }

    /** Bytes that a value takes in a block. */
    static long packedBytes(byte[] value) {
        return HEADER_BYTES + (long) value.length;
    }

    /** Packs values into a block whose size is known before. */
    static final class Packing {
        private final int partition;
        private final byte[] packed;
        private int end;

        /** @param bytes the sum of all values' {@link #packedBytes} */
        Packing(int partition, long bytes) {
            this.partition = partition;
            this.packed = new byte[Math.toIntExact(bytes)];
        }

        void add(long offset, byte[] value) {
            LONG.set(packed, end, offset);
            INT.set(packed, end + Long.BYTES, value.length);
            System.arraycopy(value, 0, packed, end + HEADER_BYTES, value.length);
            end += HEADER_BYTES + value.length;
        }

        LogBlock block() {
            if (end != packed.length) {
                throw new IllegalStateException("packed: " + end + " bytes (expected: " + packed.length + ")");
            }
            return new LogBlock(partition, packed);
        }
    }

    private static final class Unpacking implements Iterator<LogRecord> {
        private final int partition;
        private final byte[] packed;
        private int at;

        Unpacking(int partition, byte[] packed) {
            this.partition = partition;
            this.packed = packed;
        }

        @Override
        public boolean hasNext() {
            return at < packed.length;
        }

        @Override
        public LogRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long offset = (long) LONG.get(packed, at);
            int length = (int) INT.get(packed, at + Long.BYTES);
            int from = at + HEADER_BYTES;
            at = from + length;
            return new LogRecord(partition, offset, packed, from, length);
        }
    }
}
