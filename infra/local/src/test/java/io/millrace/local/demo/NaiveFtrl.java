package io.millrace.local.demo;

import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.ModelSpec;

/** FTRL-Proximal for log-loss, as the paper's algorithm 1 has it, in doubles. */
final class NaiveFtrl {
    private final double alpha;
    private final double beta;
    private final double l1;
    private final double l2;
    private final double[] z;
    private final double[] n;

    NaiveFtrl(ModelSpec spec) {
        this.alpha = spec.setting("alpha");
        this.beta = spec.setting("beta");
        this.l1 = spec.setting("l1");
        this.l2 = spec.setting("l2");
        this.z = new double[1 << spec.bits()];
        this.n = new double[1 << spec.bits()];
    }

    double predict(SparseVector x) {
        double dot = 0;
        for (int e = 0; e < x.size(); e++) {
            dot += weight(x.index(e)) * x.value(e);
        }
        return 1 / (1 + Math.exp(-dot));
    }

    void learn(SparseVector x, double y) {
        double error = predict(x) - y;
        for (int e = 0; e < x.size(); e++) {
            int i = x.index(e);
            double g = error * x.value(e);
            double sigma = (Math.sqrt(n[i] + g * g) - Math.sqrt(n[i])) / alpha;
            double w = weight(i);
            z[i] += g - sigma * w;
            n[i] += g * g;
        }
    }

    private double weight(int i) {
        if (Math.abs(z[i]) <= l1) {
            return 0;
        }
        return -(z[i] - Math.signum(z[i]) * l1) / ((beta + Math.sqrt(n[i])) / alpha + l2);
    }
}
