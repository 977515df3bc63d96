package io.millrace.trainer.score;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An ND4J matrix of floats, column after column, made once and refilled in bulk: a copy of an array costs about a microsecond,
 * one element by ND4J's own access 20 ns. Not thread-safe; {@link #close} frees the memory, and every use after that fails.
 */
public final class Matrix implements AutoCloseable {
    private final INDArray array;
    private final int size;
    private @Nullable FloatPointer memory;

    /** A matrix of zeros. */
    public Matrix(int rows, int columns) {
        this.array = Nd4j.create(DataType.FLOAT, new long[] {rows, columns}, 'f');
        this.size = rows * columns;
        this.memory = new FloatPointer(array.data().pointer());
        // Loads what close() needs while there is a class loader to load it with.
        if (!array.closeable()) {
            throw new IllegalStateException("matrix: memory that cannot be freed (expected: an array of its own)");
        }
    }

    /** Fills it from its beginning. */
    public void put(float[] from, int offset, int count) {
        if (count > size) {
            throw new IllegalArgumentException("count: " + count + " (expected: at most " + size + ")");
        }
        memory().put(from, offset, count);
    }

    /** Copies its beginning. */
    public void get(float[] to, int offset, int count) {
        if (count > size) {
            throw new IllegalArgumentException("count: " + count + " (expected: at most " + size + ")");
        }
        memory().get(to, offset, count);
    }

    /** Puts the product of two matrices, transposed where so told, into a third. */
    public static void multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB, Matrix to) {
        a.memory();
        b.memory();
        to.memory();
        Nd4j.getBlasWrapper().level3().gemm(a.array, b.array, to.array, transposeA, transposeB, 1, 0);
    }

    /** Reading memory after it was freed would end the process: better an exception. */
    private FloatPointer memory() {
        FloatPointer open = memory;
        if (open == null) {
            throw new IllegalStateException("matrix: closed (expected: open)");
        }
        return open;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory = null;
            array.close();
        }
    }
}
