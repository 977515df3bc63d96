package io.millrace.trainer.job;

import io.millrace.wire.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;

/** A record on its way to a topic: the topic's name in the catalogue, key, value. Public because Flink makes them. */
@SuppressWarnings("unchecked") // Tuple3.copy() narrows Tuple's
public final class Published extends Tuple3<String, byte[], byte[]> {
    static final TypeInformation<Published> TYPE = new TupleTypeInfo<>(
            Published.class,
            Types.STRING,
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final long serialVersionUID = 1L;

    public Published() {}

    Published(Topic topic, String key, byte[] value) {
        super(topic.text(), key.getBytes(StandardCharsets.UTF_8), value);
    }

    Topic topic() {
        return Topic.of(f0).orElseThrow();
    }

    byte[] key() {
        return f1;
    }

    byte[] value() {
        return f2;
    }
}
