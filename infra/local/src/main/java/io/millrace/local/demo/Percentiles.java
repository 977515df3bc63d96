package io.millrace.local.demo;

import io.millrace.local.demo.Measured.Quantiles;
import org.HdrHistogram.Histogram;

/** Reads percentiles from histograms of microseconds. */
final class Percentiles {
    private Percentiles() {}

    static Quantiles millis(Histogram micros) {
        if (micros.getTotalCount() == 0) {
            return new Quantiles(Double.NaN, Double.NaN, 0);
        }
        return new Quantiles(
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getTotalCount());
    }
}
