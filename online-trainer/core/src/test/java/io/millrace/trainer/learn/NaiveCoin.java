package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import java.util.HashMap;
import java.util.Map;

/** Coin betting by its formulas: a gambler for each index, doubles, small steps along the way. */
final class NaiveCoin {
    private static final class Gambler {
        private double relative;
        private double scale;
        private double theta;
        private double total;
        private double largest;
        private double wealth = 1;

        private double stake() {
            return largest == 0 ? 0 : wealth / (largest * (largest + total));
        }
    }

    private final Loss loss;
    private final double wealth;
    private final Map<Integer, Gambler> gamblers = new HashMap<>();
    private double n;
    private double t;
    private double labels;

    NaiveCoin(Loss loss, double wealth) {
        this.loss = loss;
        this.wealth = wealth;
    }

    double margin(Map<Integer, Double> x) {
        double sum = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            Gambler gambler = gambler(entry.getKey());
            sum += gambler.scale == 0
                    ? 0
                    : gambler.relative * Math.max(-1, Math.min(1, entry.getValue() / gambler.scale));
        }
        return sum;
    }

    private Gambler gambler(int index) {
        return gamblers.computeIfAbsent(index, i -> new Gambler());
    }

    void learn(Map<Integer, Double> x, double label, double importance) {
        double margin = margin(x);
        t += importance;
        labels += importance
                * (loss == Loss.POISSON ? label * label : Math.pow(Math.max(Math.abs(label), Math.abs(margin)), 2));
        double spread = Math.sqrt(labels / t);
        double slopes = loss == Loss.SQUARED ? spread : loss == Loss.POISSON ? Math.max(1, spread) : 1;
        double margins = loss == Loss.SQUARED || loss == Loss.ABSOLUTE ? spread : 1;
        double size = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            Gambler gambler = gambler(entry.getKey());
            gambler.largest = Math.max(gambler.largest, slopes);
            gambler.scale = Math.max(gambler.scale, Math.abs(entry.getValue()));
            size += Math.pow(entry.getValue() / gambler.scale, 2);
        }
        n += importance * size;
        double endowment = wealth * slopes * margins / Math.sqrt(n / t);
        double reach = 0;
        for (Map.Entry<Integer, Double> entry : x.entrySet()) {
            Gambler gambler = gambler(entry.getKey());
            reach += endowment * gambler.stake() * Math.pow(entry.getValue() / gambler.scale, 2);
        }
        double along = NaiveFlow.along(loss, margin, label, importance, reach);
        x.forEach((index, value) -> {
            Gambler gambler = gambler(index);
            double g = along * value / gambler.scale;
            gambler.largest = Math.max(gambler.largest, Math.abs(g) / importance);
            double share = gambler.theta / (gambler.largest * (gambler.largest + gambler.total));
            double coin = Math.signum(g) * Math.min(Math.abs(g), gambler.largest);
            gambler.wealth = Math.max(1, gambler.wealth * (1 - coin * share));
            gambler.theta -= g;
            gambler.total += Math.abs(g);
            gambler.relative = endowment * gambler.stake() * gambler.theta;
        });
    }
}
