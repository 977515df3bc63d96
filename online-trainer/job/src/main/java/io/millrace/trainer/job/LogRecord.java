package io.millrace.trainer.job;

import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/** A record of {@code examples} as it lies in the log: partition, offset, value. Public because Flink makes them. */
@SuppressWarnings("unchecked") // Tuple3.copy() narrows Tuple's
public final class LogRecord extends Tuple3<Integer, Long, byte[]> {
    static final TypeInformation<LogRecord> TYPE = new TupleTypeInfo<>(
            LogRecord.class, Types.INT, Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long serialVersionUID = 1L;

    public LogRecord() {}

    LogRecord(int partition, long offset, byte[] value) {
        super(partition, offset, value);
    }

    int partition() {
        return f0;
    }

    long offset() {
        return f1;
    }

    byte[] value() {
        return f2;
    }
}
