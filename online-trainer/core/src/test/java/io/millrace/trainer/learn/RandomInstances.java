package io.millrace.trainer.learn;

import io.millrace.features.spec.Loss;
import io.millrace.trainer.score.Layout;
import java.util.Random;

/** Random instances that hit the same few rows again and again: plain features, some with several elements, and a cross. */
final class RandomInstances {
    static final int ROWS = 24;

    private final Random random;
    private final Loss loss;
    private final int firstRow;
    private final int features;
    private long offset;

    /**
     * @param features plain features of the model
     */
    RandomInstances(long seed, Loss loss, Layout layout, int features) {
        this.random = new Random(seed);
        this.loss = loss;
        this.firstRow = layout.firstFeature();
        this.features = features;
    }

    Instance next() {
        Instance instance = new Instance()
                .at(offset++, 0)
                .rewarded(loss, reward(), 1 + random.nextInt(2))
                .replacing(loss, reward(), 1 + random.nextInt(2));
        instance.vector().setOffset(random.nextInt(3) == 0 ? random.nextFloat() / 2 : 0);
        add(instance, 1, -1);
        for (int term = 0; term < features; term++) {
            for (int i = random.nextInt(3); i > 0; i--) {
                add(instance, random.nextBoolean() ? 1 : (float) random.nextGaussian() / 2, term);
            }
        }
        add(instance, 1, features);
        return instance;
    }

    private void add(Instance instance, float value, int term) {
        int row = firstRow + random.nextInt(ROWS);
        instance.vector().add(row, row, value, term);
    }

    private double reward() {
        return switch (loss) {
            case LOGISTIC -> random.nextInt(2);
            case SQUARED, ABSOLUTE -> random.nextGaussian();
            case POISSON -> random.nextInt(4);
        };
    }
}
