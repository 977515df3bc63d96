package io.millrace.serving.rank;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.FeatureVector;

/**
 * How many combinations the crosses of a vector expand to: the product of element counts is what a short request could make
 * endless work of. Immutable.
 */
final class Combinations {
    /** The most of one candidate. */
    static final long MAX_PER_CANDIDATE = 10_000;

    /** The most of one request. */
    static final long MAX_PER_REQUEST = 1_000_000;

    private final int[][] crosses;

    Combinations(PipelineSpec spec) {
        this.crosses = spec.crosses().stream()
                .map(cross -> cross.stream()
                        .mapToInt(feature -> spec.featureSet().indexOf(feature))
                        .toArray())
                .toArray(int[][]::new);
    }

    /** At most {@link Long#MAX_VALUE}. */
    long of(FeatureVector vector) {
        double sum = 0;
        for (int[] cross : crosses) {
            double product = 1;
            for (int position : cross) {
                product *= vector.isPresent(position) ? vector.to(position) - vector.from(position) : 0;
            }
            sum += product;
        }
        return (long) sum;
    }
}
