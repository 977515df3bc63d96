package io.millrace.trainer.score;

/** Weights by index, wherever they lie. */
@FunctionalInterface
public interface Weights {
    float weight(int index);
}
