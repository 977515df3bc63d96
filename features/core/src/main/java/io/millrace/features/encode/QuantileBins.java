package io.millrace.features.encode;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.PipelineSpec;
import java.util.List;
import java.util.Map;

/** Which features a spec puts into quantile bins, and which bin a value falls into. */
public final class QuantileBins {
    private QuantileBins() {}

    /** The names of the quantile-binned features, in the order by which {@link BinEdges} counts them. */
    public static List<String> features(PipelineSpec spec) {
        return spec.bins().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Bins.Quantiles)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many edges lie below the value. */
    static int bin(float value, BinEdges edges, int feature, int bins) {
        int low = 0;
        int high = bins - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges.edge(feature, middle) < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
