package io.millrace.bench.contest;

import java.util.Comparator;
import java.util.List;

/**
 * How long one round took.
 *
 * @param seconds by the clock on the wall
 * @param processorSeconds for which the learning thread had a processor: less, where the machine was busy with other things
 */
public record Time(double seconds, double processorSeconds) {
    static double medianSeconds(List<Time> times) {
        return median(times.stream().map(Time::seconds).toList());
    }

    static double medianProcessorSeconds(List<Time> times) {
        return median(times.stream().map(Time::processorSeconds).toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
