package io.millrace.trainer.score;

/** What a scorer reads of a model's table: the served columns, wherever they lie. */
public interface Weights {
    /**
     * One served float.
     *
     * @param column below the layout's {@code served}
     */
    float weight(int row, int column);

    /** Fills an array with a row's floats from a column on. */
    default void read(int row, int column, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = weight(row, column + i);
        }
    }

    /** Whether they never change, so that what was made of them once can be used again. */
    default boolean isImmutable() {
        return false;
    }
}
