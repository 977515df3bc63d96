package io.millrace.local.demo;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * An estimated number with its 95 % confidence interval. All three are NaN where there is nothing to estimate from.
 *
 * <p>The ratio estimator of sums, {@code R = sum x / sum y} over n independent pairs, has by the delta method the standard
 * error {@code sqrt(n / (n - 1) * sum (x - R y)^2) / |sum y|} (Cochran, "Sampling Techniques", 3rd ed., 1977, section
 * 2.11). Pairs are decisions, not items, so that what is alike within a slate does not feign certainty. Decisions made by
 * a model that learns from earlier ones are not independent, but given the past each one's residual is a fresh draw, for
 * which the same formula is the usual martingale approximation.
 */
public record Estimate(double value, double low, double high) {
    static final Estimate NONE = new Estimate(Double.NaN, Double.NaN, Double.NaN);
    private static final double Z = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.975);

    public boolean exists() {
        return !Double.isNaN(value);
    }

    /** Half the interval's width. */
    public double margin() {
        return (high - low) / 2;
    }

    double standardError() {
        return margin() / Z;
    }

    static Estimate of(double value, double standardError) {
        return new Estimate(value, value - Z * standardError, value + Z * standardError);
    }

    /**
     * The ratio of two independent estimates of positive numbers. The interval is symmetric on the scale of logarithms,
     * where the squared relative standard errors add up.
     */
    Estimate over(Estimate other) {
        if (!(value > 0 && other.value > 0)) {
            return NONE;
        }
        double ratio = value / other.value;
        double relative = Math.hypot(standardError() / value, other.standardError() / other.value);
        return new Estimate(ratio, ratio * Math.exp(-Z * relative), ratio * Math.exp(Z * relative));
    }

    /** Sums that a ratio of sums is estimated from. Not thread-safe. */
    static final class Ratio {
        private long n;
        private double x;
        private double y;
        private double xx;
        private double xy;
        private double yy;

        void add(double numerator, double denominator) {
            n++;
            x += numerator;
            y += denominator;
            xx += numerator * numerator;
            xy += numerator * denominator;
            yy += denominator * denominator;
        }

        /** NaN where the denominators sum to 0. */
        double value() {
            return y == 0 ? Double.NaN : x / y;
        }

        /** None for fewer than two pairs. */
        Estimate estimate() {
            if (n < 2 || y == 0) {
                return NONE;
            }
            double ratio = value();
            double residuals = Math.max(0, xx - 2 * ratio * xy + ratio * ratio * yy);
            return of(ratio, Math.sqrt(residuals * n / (n - 1)) / Math.abs(y));
        }
    }
}
