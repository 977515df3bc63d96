package io.millrace.trainer.learn;

import io.millrace.features.spec.ModelSpec;

/**
 * Settings of factors.
 *
 * @param count factors of a row
 * @param alpha step size
 * @param l2 pulls factors towards 0
 */
record FactorSettings(int count, double alpha, double l2) {
    static FactorSettings of(ModelSpec spec) {
        return new FactorSettings(
                (int) spec.setting("factors"), spec.setting("factor_alpha"), spec.setting("factor_l2"));
    }
}
