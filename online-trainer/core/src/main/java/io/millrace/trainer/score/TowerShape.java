package io.millrace.trainer.score;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.PipelineSpec;

/**
 * What a tower of dense layers is made of, and where its floats lie: layer by layer the weights of its units, each unit's
 * side by side, then the units' biases; last, the weights that sum the last layer up.
 *
 * @param fields features whose embeddings, side by side, are what the first layer sees
 * @param factors floats of an embedding
 * @param layers dense layers
 * @param width units of each
 */
public record TowerShape(int fields, int factors, int layers, int width) {
    public static TowerShape of(PipelineSpec spec) {
        ModelSpec model = spec.model();
        return new TowerShape(
                spec.featureSet().size(), (int) model.setting("factors"), (int) model.setting("layers"), (int)
                        model.setting("width"));
    }

    /** What the first layer sees of an example. */
    public int inputs() {
        return fields * factors;
    }

    /** What a layer sees. */
    public int inputs(int layer) {
        return layer == 0 ? inputs() : width;
    }

    /** Where a layer's weights begin. */
    public int weights(int layer) {
        return layer == 0 ? 0 : (inputs() + 1) * width + (layer - 1) * (width + 1) * width;
    }

    /** Where a layer's biases begin. */
    public int biases(int layer) {
        return weights(layer) + inputs(layer) * width;
    }

    /** Where the weights that sum up begin. */
    public int out() {
        return weights(layers);
    }

    public int floats() {
        return out() + width;
    }

    /** Floats of the optimiser: two moments of each, and how many steps there were. */
    public int optimiserFloats() {
        return 2 * floats() + 1;
    }

    /**
     * What the floats are before anything is learned: biases 0; weights uniform with variance 2 / inputs (He et al., "Delving
     * deep into rectifiers", ICCV 2015), drawn as hashes of the seed and their position.
     */
    public float[] initial(long seed) {
        float[] floats = new float[floats()];
        for (int layer = 0; layer < layers; layer++) {
            draw(seed, floats, weights(layer), biases(layer), inputs(layer));
        }
        draw(seed, floats, out(), floats(), width);
        return floats;
    }

    private static void draw(long seed, float[] floats, int from, int to, int inputs) {
        double most = Math.sqrt(6.0 / inputs);
        for (int i = from; i < to; i++) {
            floats[i] = (float) (most * Draw.symmetric(FeatureHash.combine(seed, i)));
        }
    }
}
