package io.millrace.trainer.learn;

import java.util.HashMap;
import java.util.Map;

/** Adam as the paper writes it, with a gradient whose norm is at most 5. */
final class NaiveAdam {
    private final double alpha;
    private final Map<String, Double> m = new HashMap<>();
    private final Map<String, Double> v = new HashMap<>();
    private int t;

    NaiveAdam(double alpha) {
        this.alpha = alpha;
    }

    void step(Map<String, Double> parameters, Map<String, Double> gradient) {
        t++;
        double norm =
                Math.sqrt(gradient.values().stream().mapToDouble(g -> g * g).sum());
        double scale = norm > 5 ? 5 / norm : 1;
        gradient.forEach((name, unclipped) -> {
            double g = unclipped * scale;
            m.put(name, 0.9 * m.getOrDefault(name, 0.0) + 0.1 * g);
            v.put(name, 0.999 * v.getOrDefault(name, 0.0) + 0.001 * g * g);
            double first = m.get(name) / (1 - Math.pow(0.9, t));
            double second = v.get(name) / (1 - Math.pow(0.999, t));
            parameters.merge(name, -alpha * first / (Math.sqrt(second) + 1e-8), Double::sum);
        });
    }
}
