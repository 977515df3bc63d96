package io.millrace.bench.pipeline;

import java.util.ArrayList;
import java.util.List;

/** When how many examples had been learned, as whoever follows the versions sees it. Not thread-safe. */
public final class Timeline {
    /** What has been seen at one moment. */
    private record Moment(long examples, long nanos, double processorSeconds) {}

    private final long begin;
    private final List<Moment> moments = new ArrayList<>();

    /** @param begin when the command was given */
    public Timeline(long begin) {
        this.begin = begin;
    }

    public void add(long examples, long nanos, double processorSeconds) {
        moments.add(new Moment(examples, nanos, processorSeconds));
    }

    /**
     * The lap that it shows. What was learned before the first version came is not counted, nor is the time until then: no
     * one saw when that began. Rates of what took no time, as where there is one version only, are NaN.
     *
     * @throws IllegalStateException if there is no version
     */
    public Lap lap(long checkpoints, String digest) {
        if (moments.isEmpty()) {
            throw new IllegalStateException("versions: 0 (expected: at least 1)");
        }
        Moment first = moments.get(0);
        Moment last = moments.get(moments.size() - 1);
        double processorMicros = (last.processorSeconds - first.processorSeconds) * 1e6;
        return new Lap(
                rate(first, last),
                rate(at(last.examples * 0.2), at(last.examples * 0.8)),
                rate(new Moment(0, begin, 0), last),
                (first.nanos - begin) / 1e9,
                last == first ? Double.NaN : processorMicros / (last.examples - first.examples),
                checkpoints,
                digest);
    }

    /** The first moment at which that many had been learned. */
    private Moment at(double examples) {
        return moments.stream()
                .filter(moment -> moment.examples >= examples)
                .findFirst()
                .orElseThrow();
    }

    private static double rate(Moment from, Moment to) {
        return (to.examples - from.examples) / ((to.nanos - from.nanos) / 1e9);
    }
}
