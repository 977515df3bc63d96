package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.Link;

/**
 * Takes an example's last step of FTRL back, and makes the right label's in its place.
 *
 * <p>The step depends on the margin m at which it was made, which nobody wrote down; but m is also what the weights before the
 * step give, and these follow from the ones after it and m. So m is the root of {@code h(m) = margin(undone(m)) - m}. With slope s
 * at m, and q = z - (what the step added for the gradient), a coordinate was, for r = (√n - √n_0) / alpha and curvature
 * k = (beta + √n_0) / alpha + l2,
 *
 * <pre>
 *   n_0 = n - c s² x²
 *   z_0 = q                                   where |q| &lt;= l1, and w_0 = 0
 *       = (q + sgn(q) l1 r / k) / (1 + r / k)   otherwise
 * </pre>
 *
 * <p>The root is bracketed from the margin of today on, away from the wrong label; where the rates are so large that there may be
 * several, it is the one of the largest slope that n leaves room for, which is right if a coordinate was new. Where other examples were learned
 * since, it is the margin of then as if they had not been. Of absolute loss, whose slope is a mere sign, a step from either side of
 * the label can have led to where the weights are, and nothing is found. All in double, and rounded once at the end. Not thread-safe.
 */
final class FtrlCorrection {
    private static final int MOST_STEPS = 60;
    private static final double CLOSE = 1e-12;
    private static final int DOUBLINGS = 40;
    private static final double FIRST_STEP = 0.125;
    private static final int LOOKS = 128;
    private static final double SLACK = 1e-6;
    private static final double SAFE = 0.9;
    private static final double SMALLEST_MEAN = 1e-9;

    private final Loss loss;
    private final double rate;
    private final double curvature;
    private final double l1;

    private double[] w = new double[64];
    private double[] z = new double[64];
    private double[] n = new double[64];
    private float[] values = new float[0];
    private float[][] columns = new float[0][];
    private int count;
    private double offset;
    private double label;
    private double importance;
    private double reach;

    FtrlCorrection(Loss loss, FtrlSettings settings) {
        this.loss = loss;
        this.rate = (float) (1 / settings.alpha());
        this.curvature = (float) (settings.beta() / settings.alpha() + settings.l2());
        this.l1 = (float) settings.l1();
    }

    /**
     * Rewrites the columns.
     *
     * @param margin of today
     * @param x values of the coordinates, each once
     * @param rows w, z, n, √n of each coordinate
     * @return whether a margin was found at which the step can have been made; if not, the columns are as they were
     */
    boolean correct(Instance instance, double margin, float[] x, float[][] rows, int size) {
        if (loss == Loss.ABSOLUTE) {
            return false;
        }
        begin(instance, x, rows, size);
        double then = margin(margin);
        if (Double.isNaN(then)) {
            return false;
        }
        undo(then);
        redo(instance, then);
        return true;
    }

    private void begin(Instance instance, float[] x, float[][] rows, int size) {
        values = x;
        columns = rows;
        count = size;
        offset = instance.vector().offset();
        label = instance.replacedLabel();
        importance = instance.replacedImportance();
        if (w.length < size) {
            w = new double[2 * size];
            z = new double[2 * size];
            n = new double[2 * size];
        }
        reach = 0;
        for (int i = 0; i < size; i++) {
            double pull = rows[3][i] * rate + curvature;
            reach += pull > 0 ? (double) x[i] * x[i] / pull : 0;
        }
    }

    /** The margin at which the step was made, or NaN. */
    private double margin(double today) {
        double most = mostSlope();
        double far = undo(most < Double.POSITIVE_INFINITY ? above(most) : today);
        return Double.isFinite(far) && isSteep(most) ? steepest(today, most) : nearest(today);
    }

    /** No slope can have been larger: of each coordinate, n holds its square. */
    private double mostSlope() {
        double most = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            double square = importance * values[i] * values[i];
            if (square > 0) {
                most = Math.min(most, columns[2][i] / square);
            }
        }
        return Math.sqrt(most) * (1 + SLACK);
    }

    /** Whether more than one margin can be the root: whether undoing moves the margin faster than the margin itself. */
    private boolean isSteep(double most) {
        double turn = switch (loss) {
            case LOGISTIC -> 0.25;
            case SQUARED, ABSOLUTE -> 1;
            case POISSON -> label + most;
        };
        double rates = 0;
        for (int i = 0; i < count; i++) {
            double pull = Math.sqrt(n[i]) * rate + curvature;
            rates += pull > 0 ? (double) values[i] * values[i] / pull : 0;
        }
        return !(importance * turn * rates < SAFE);
    }

    /** The margin above the label whose slope has this size. */
    private double above(double slope) {
        return switch (loss) {
            case LOGISTIC -> {
                double share = Math.min(1 - 1e-15, slope);
                double odds = StrictMath.log(share / (1 - share));
                yield label > 0 ? -odds : odds;
            }
            case SQUARED, ABSOLUTE -> label + slope;
            case POISSON -> StrictMath.log(label + slope);
        };
    }

    /**
     * Where there may be several roots, the one of the largest slope: of a coordinate that was new, n is that slope's square, and
     * others are too small for it.
     */
    private double steepest(double today, double most) {
        double start = above(most);
        if (loss == Loss.LOGISTIC) {
            return first(start, label > 0 ? Math.max(today, start) + 1 : Math.min(today, start) - 1);
        }
        double middle = loss == Loss.SQUARED ? label : StrictMath.log(Math.max(label, SMALLEST_MEAN));
        double high = first(start, middle);
        double low = first(
                loss == Loss.SQUARED ? label - most : StrictMath.log(Math.max(label - most, SMALLEST_MEAN)), middle);
        if (Double.isNaN(high) || Double.isNaN(low)) {
            return Double.isNaN(high) ? low : high;
        }
        return size(high) >= size(low) ? high : low;
    }

    private double size(double margin) {
        return Math.abs(Losses.slope(loss, Link.prediction(loss, margin), label));
    }

    /** The first root on the way, at so many looks. */
    private double first(double from, double to) {
        double near = from;
        double height = undo(near) - near;
        for (int i = 1; i <= LOOKS; i++) {
            double far = from + (to - from) * i / LOOKS;
            double farHeight = undo(far) - far;
            if (farHeight == 0 || farHeight > 0 != height > 0) {
                return farHeight == 0 ? far : root(near, height, far, farHeight);
            }
            near = far;
            height = farHeight;
        }
        return Double.NaN;
    }

    private double nearest(double today) {
        double near = today;
        double height = undo(today) - today;
        if (height == 0) {
            return today;
        }
        double step = Math.copySign(FIRST_STEP, height);
        for (int i = 0; i < DOUBLINGS; i++, step *= 2) {
            double far = near + step;
            double farHeight = undo(far) - far;
            if (farHeight == 0) {
                return far;
            }
            if (farHeight > 0 != height > 0) {
                return root(near, height, far, farHeight);
            }
            near = far;
            height = farHeight;
        }
        return Double.NaN;
    }

    /** By false position, where an end that stays counts half (the Illinois algorithm). */
    private double root(double from, double fromHeight, double to, double toHeight) {
        double near = from;
        double nearHeight = fromHeight;
        double far = to;
        double farHeight = toHeight;
        double middle = far;
        int moved = 0;
        for (int i = 0; i < MOST_STEPS; i++) {
            middle = (near * farHeight - far * nearHeight) / (farHeight - nearHeight);
            double height = undo(middle) - middle;
            if (Math.abs(height) <= CLOSE * (1 + Math.abs(middle))) {
                return middle;
            }
            if (height > 0 == farHeight > 0) {
                far = middle;
                farHeight = height;
                nearHeight = moved > 0 ? nearHeight / 2 : nearHeight;
                moved = 1;
            } else {
                near = middle;
                nearHeight = height;
                farHeight = moved < 0 ? farHeight / 2 : farHeight;
                moved = -1;
            }
        }
        return middle;
    }

    /** What the coordinates were, had the step been made at a margin; the margin that they give. */
    private double undo(double margin) {
        double slope = Losses.slope(loss, Link.prediction(loss, margin), label);
        double along = along(margin, slope, label, importance, reach);
        double sum = offset;
        for (int i = 0; i < count; i++) {
            double x = values[i];
            double sum1 = columns[2][i];
            double sum0 = Math.max(0, sum1 - importance * (slope * x) * (slope * x));
            double root0 = Math.sqrt(sum0);
            double pull = root0 * rate + curvature;
            double ratio = pull == 0 ? 0 : (columns[3][i] - root0) * rate / pull;
            double q = columns[1][i] - along * x;
            n[i] = sum0;
            z[i] = Math.abs(q) <= l1 ? q : (q + Math.copySign(l1, q) * ratio) / (1 + ratio);
            w[i] = Math.abs(z[i]) <= l1 || pull == 0 ? 0 : (Math.copySign(l1, z[i]) - z[i]) / pull;
            sum += w[i] * x;
        }
        return sum;
    }

    private void redo(Instance instance, double margin) {
        double slope = Losses.slope(loss, Link.prediction(loss, margin), instance.label());
        double weight = instance.importance();
        double there = 0;
        for (int i = 0; i < count; i++) {
            double gradient = slope * values[i];
            double pull = Math.sqrt(n[i] + weight * gradient * gradient) * rate + curvature;
            there += pull > 0 ? (double) values[i] * values[i] / pull : 0;
        }
        double along = along(margin, slope, instance.label(), weight, there);
        for (int i = 0; i < count; i++) {
            double gradient = slope * values[i];
            double sum = n[i] + weight * gradient * gradient;
            double root = Math.sqrt(sum);
            double pull = root * rate + curvature;
            double moved = z[i] + along * values[i] - (root - Math.sqrt(n[i])) * rate * w[i];
            columns[0][i] =
                    Math.abs(moved) <= l1 || pull == 0 ? 0 : (float) ((Math.copySign(l1, moved) - moved) / pull);
            columns[1][i] = (float) moved;
            columns[2][i] = (float) sum;
            columns[3][i] = (float) Math.sqrt(columns[2][i]);
        }
    }

    private double along(double margin, double slope, double of, double weight, double rates) {
        if (weight == 1) {
            return slope;
        }
        double once = MarginFlow.slope(loss, margin, of, 1, rates);
        double often = MarginFlow.slope(loss, margin, of, weight, rates);
        return slope * (once == 0 ? Math.min(1, weight) : often / once);
    }
}
