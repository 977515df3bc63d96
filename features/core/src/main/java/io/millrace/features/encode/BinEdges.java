package io.millrace.features.encode;

/** The inner edges of the quantile bins, as a model knows them at one version. */
@FunctionalInterface
public interface BinEdges {
    /** Edges of models without quantile bins. */
    BinEdges NONE = (feature, edge) -> {
        throw new IllegalStateException("edges: none (expected: those of a model with quantile bins)");
    };

    /**
     * An edge.
     *
     * @param feature which of the quantile-binned features, in the order of the spec
     * @param edge from 0 to below the number of bins less 1; edges ascend
     */
    float edge(int feature, int edge);
}
