package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.Link;

/**
 * Where a margin goes when its example is learned in infinitely many infinitely small steps (Karampatziakis and Langford,
 * "Online importance weight aware updates", UAI 2011): the solution of
 *
 * <pre>
 *   dm/dt = -s(m),   m(0) = margin        s the slope of the loss
 * </pre>
 *
 * <p>A gradient step of rate r_i for weight i, repeated, moves the margin by {@code X = Σ r_i x_i²} times the slope, so that an
 * example of importance c ends at time {@code c X}. It never passes the loss's minimum, and two examples of weight 1 one after
 * the other end where one of weight 2 does. With d = m(t) - m(0):
 *
 * <pre>
 *   squared    d = (y - m) (1 - e^-t)
 *   absolute   d = y - m, or t towards y, whichever is less
 *   logistic   d + a (e^d - 1) = t,  a = e^m, for label 1; mirrored for label 0
 *   Poisson    d = -ln(1 + (u - 1) (1 - e^-yt)),  u = e^m / y;  d = -ln(1 + t e^m) where y = 0
 * </pre>
 *
 * <p>The logistic equation (Lambert's W in another guise) is solved by Newton's method: its left side is convex and rises, so
 * that all iterates but the first lie above the solution and fall towards it. The first is the Padé approximant of d's series,
 * D / (1 + D (a / (1 + a)) / 2) with D = t / (1 + a), or the bound ln(1 + t / a) where D is above 1. Errors are squared by each
 * step, so the one after a relative 1e-7 is the last. Where D is at most 1e-4 the first two terms of the series are closer than
 * Newton's differences: the third is 1e-8 of the first. Margins beyond those that {@link Link} tells apart move inwards only.
 */
final class MarginFlow {
    private static final double SERIES = 1e-4;
    private static final double CLOSE = 1e-7;

    private MarginFlow() {}

    /**
     * By how much the margin moves.
     *
     * @param label 0 or 1 for logistic loss, at least 0 for Poisson
     * @param time at least 0
     */
    static double move(Loss loss, double margin, double label, double time) {
        return switch (loss) {
            case SQUARED -> (label - margin) * -StrictMath.expm1(-time);
            case ABSOLUTE -> Math.max(-time, Math.min(time, label - margin));
            case LOGISTIC -> label > 0 ? logistic(margin, time) : -logistic(-margin, time);
            case POISSON -> poisson(margin, label, time);
        };
    }

    /**
     * The slope, summed up along the way: what takes the place of importance times slope in a step of these rates.
     *
     * @param rate X, the sum of rate times squared value, at least 0
     */
    static double slope(Loss loss, double margin, double label, double importance, double rate) {
        double time = importance * rate;
        return time < Double.MIN_NORMAL
                ? importance * Losses.slope(loss, Link.prediction(loss, margin), label)
                : -move(loss, margin, label, time) / rate;
    }

    private static double logistic(double margin, double time) {
        if (margin < -Link.MAX_MARGIN) {
            double outside = -Link.MAX_MARGIN - margin;
            return time <= outside ? time : outside + logistic(-Link.MAX_MARGIN, time - outside);
        }
        double a = StrictMath.exp(Math.min(margin, Link.MAX_MARGIN));
        double slope = 1 / (1 + a);
        double d = time * slope;
        if (d <= SERIES) {
            return d * (1 - d * (1 - slope) / 2);
        }
        d = d <= 1 ? d / (1 + d * (1 - slope) / 2) : Math.min(d, StrictMath.log1p(time / a));
        double step;
        do {
            double grown = a * StrictMath.exp(d);
            step = (d + grown - a - time) / (1 + grown);
            d -= step;
        } while (Math.abs(step) > CLOSE * d);
        return d;
    }

    private static double poisson(double margin, double label, double time) {
        double edge = Math.max(-Link.MAX_LOG_COUNT, Math.min(Link.MAX_LOG_COUNT, margin));
        double outside = margin - edge;
        double left = time;
        if (outside != 0) {
            double slope = StrictMath.exp(edge) - label;
            if (slope * outside <= 0) {
                return 0;
            }
            left = time - outside / slope;
            if (left <= 0) {
                return -slope * time;
            }
        }
        double d = free(edge, label, left);
        return Math.max(-Link.MAX_LOG_COUNT - edge, Math.min(Link.MAX_LOG_COUNT - edge, d)) - outside;
    }

    private static double free(double margin, double label, double time) {
        double mean = StrictMath.exp(margin);
        if (label == 0) {
            return -StrictMath.log1p(time * mean);
        }
        double u = mean / label;
        double gone = -StrictMath.expm1(-label * time);
        return u < 0.5 && gone > 0.5
                ? -StrictMath.log(u + (1 - u) * StrictMath.exp(-label * time))
                : -StrictMath.log1p((u - 1) * gone);
    }
}
