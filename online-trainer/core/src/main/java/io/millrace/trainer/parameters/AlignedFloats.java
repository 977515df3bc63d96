package io.millrace.trainer.parameters;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.indexer.FloatRawIndexer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Floats in one ND4J array, off heap, at first zeros. They begin where a cache line begins: memory from the allocator mostly
 * begins 16 bytes behind one, and then every second row of 32 bytes lies in two lines, and every row of 64.
 *
 * <p>Not thread-safe; {@link #close} frees the memory, and every use after that fails.
 */
final class AlignedFloats implements AutoCloseable {
    private static final int LINE_BYTES = 64;
    private static final int LINE = LINE_BYTES / Float.BYTES;

    private final INDArray array;
    private final long first;
    private @Nullable FloatRawIndexer floats;

    AlignedFloats(long size) {
        this.array = Nd4j.create(DataType.FLOAT, size + LINE);
        // Loads what close() needs while there is a class loader to load it with: Flink closes that before its
        // operators.
        if (!array.closeable()) {
            throw new IllegalStateException("parameters: memory that cannot be freed (expected: an array of its own)");
        }
        this.first = Math.floorMod(-array.data().pointer().address(), (long) LINE_BYTES) / Float.BYTES;
        this.floats = new FloatRawIndexer(at(0).limit(first + size));
    }

    /** A view whose position is at a float. */
    FloatPointer at(long index) {
        return new FloatPointer(array.data().pointer()).position(first + index);
    }

    /** Reading the array's memory after it was freed would end the process: better an exception. */
    FloatRawIndexer indexer() {
        FloatRawIndexer open = floats;
        if (open == null) {
            throw new IllegalStateException("parameters: closed (expected: open)");
        }
        return open;
    }

    @Override
    public void close() {
        if (floats != null) {
            floats = null;
            array.close();
        }
    }
}
