package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Bytes of state, big-endian; read back by a {@link ByteBuffer}. */
final class StateOutput {
    private byte[] bytes = new byte[256];
    private int size;

    StateOutput putByte(int value) {
        grow(1);
        bytes[size++] = (byte) value;
        return this;
    }

    StateOutput putInt(int value) {
        grow(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(size, value);
        size += Integer.BYTES;
        return this;
    }

    StateOutput putLong(long value) {
        grow(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(size, value);
        size += Long.BYTES;
        return this;
    }

    StateOutput putDouble(double value) {
        return putLong(Double.doubleToRawLongBits(value));
    }

    StateOutput putBytes(byte[] value) {
        putInt(value.length);
        grow(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** Writes what {@code content} writes, with its length before it, as {@link #putBytes} does. */
    StateOutput putSized(Consumer<StateOutput> content) {
        int at = size;
        putInt(0);
        content.accept(this);
        ByteBuffer.wrap(bytes).putInt(at, size - at - Integer.BYTES);
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    static byte[] getBytes(ByteBuffer in) {
        byte[] value = new byte[in.getInt()];
        in.get(value);
        return value;
    }

    private void grow(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
