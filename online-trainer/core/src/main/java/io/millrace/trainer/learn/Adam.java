package io.millrace.trainer.learn;

import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.DenseSpan;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Steps of a model's dense floats (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015), from the mean
 * gradient of a mini-batch, which is scaled down where its norm exceeds {@value #LONGEST} (Pascanu et al., "On the
 * difficulty of training recurrent neural networks", ICML 2013).
 *
 * <p>The table holds differences from where the floats began, both moments, and the number of steps, of which a float counts
 * 2^24: the correction that it is for is 1 long before. Everything is computed in copies first: in floats, in plain loops over
 * arrays side by side, of which a compiler does many at a time. Not thread-safe.
 */
final class Adam {
    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.999f;
    private static final float EPSILON = 1e-8f;
    private static final double LONGEST = 5;
    private static final float MOST_STEPS = 1 << 24;

    private final DenseSpan span;
    private final double alpha;
    private final float[] initial;
    private final int[] rows;
    private final int[] change;
    private final int[] first;
    private final int[] second;
    private final int steps;
    private float[] image;
    private float[] nextImage;
    private float[] floats;
    private float[] nextFloats;
    private final float[] changes;
    private final float[] means;
    private final float[] squares;

    /**
     * @param span where the floats lie
     * @param initial where they begin
     * @param alpha step size
     */
    Adam(DenseSpan span, float[] initial, double alpha) {
        this.span = span;
        this.alpha = alpha;
        this.initial = initial;
        int count = initial.length;
        this.rows =
                IntStream.range(span.firstRow(), span.firstRow() + span.rows()).toArray();
        this.change = places(count, i -> place(span.row(i), span.column(i)));
        this.first = places(count, i -> place(span.hiddenRow(i), span.hiddenColumn(i)));
        this.second = places(count, i -> place(span.hiddenRow(count + i), span.hiddenColumn(count + i)));
        this.steps = place(span.hiddenRow(2 * count), span.hiddenColumn(2 * count));
        this.image = new float[span.rows() * span.columns()];
        this.nextImage = image.clone();
        this.floats = initial.clone();
        this.nextFloats = initial.clone();
        this.changes = new float[count];
        this.means = new float[count];
        this.squares = new float[count];
    }

    private static int[] places(int count, IntUnaryOperator place) {
        return IntStream.range(0, count).map(place).toArray();
    }

    private int place(int row, int column) {
        return (row - span.firstRow()) * span.columns() + column;
    }

    /** Takes over what a table has. */
    void read(ParameterTable table) {
        for (int i = 0; i < image.length; i++) {
            image[i] = table.get(span.firstRow() + i / span.columns(), i % span.columns());
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = initial[i] + image[change[i]];
        }
    }

    /** The floats as they are. */
    float[] floats() {
        return floats;
    }

    /**
     * Prepares a step.
     *
     * @param gradient of the sum over the batch
     * @return 0, or NaN where a number is not finite
     */
    float prepare(float[] gradient, int batch) {
        double norm = 0;
        for (float g : gradient) {
            norm += (double) g * g;
        }
        norm = Math.sqrt(norm) / batch;
        double scale = Math.min(1, LONGEST / norm) / batch;
        float step = Math.min(image[steps] + 1, MOST_STEPS);
        nextImage[steps] = step;
        float rate = (float) (alpha / (1 - StrictMath.pow(FIRST_DECAY, step)));
        float correction = (float) (1 / (1 - StrictMath.pow(SECOND_DECAY, step)));
        gather(image, first, means);
        gather(image, second, squares);
        gather(image, change, changes);
        step(gradient, (float) scale, rate, correction, means, squares, changes);
        scatter(means, first, nextImage);
        scatter(squares, second, nextImage);
        scatter(changes, change, nextImage);
        return add(initial, changes, nextFloats);
    }

    private static void step(
            float[] gradient, float scale, float rate, float correction, float[] m, float[] v, float[] d) {
        for (int i = 0; i < gradient.length; i++) {
            float g = gradient[i] * scale;
            m[i] = FIRST_DECAY * m[i] + (1 - FIRST_DECAY) * g;
            v[i] = SECOND_DECAY * v[i] + (1 - SECOND_DECAY) * (g * g);
            d[i] = d[i] - rate * m[i] / ((float) Math.sqrt(v[i] * correction) + EPSILON);
        }
    }

    private static void gather(float[] from, int[] places, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] = from[places[i]];
        }
    }

    private static void scatter(float[] from, int[] places, float[] to) {
        for (int i = 0; i < from.length; i++) {
            to[places[i]] = from[i];
        }
    }

    /** Returns 0, or NaN where a change is not finite; of gradients that are no longer than {@value #LONGEST}, moments are. */
    private static float add(float[] initial, float[] changes, float[] sums) {
        float overflow = 0;
        for (int i = 0; i < sums.length; i++) {
            sums[i] = initial[i] + changes[i];
            overflow += 0 * changes[i];
        }
        return overflow;
    }

    /** Takes the step that was prepared. */
    void commit(ParameterTable table) {
        float[] oldImage = image;
        image = nextImage;
        nextImage = oldImage;
        float[] oldFloats = floats;
        floats = nextFloats;
        nextFloats = oldFloats;
        table.write(rows, rows.length, image);
    }
}
