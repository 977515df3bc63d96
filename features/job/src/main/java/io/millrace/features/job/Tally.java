package io.millrace.features.job;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;

/** Counts for who watches the job, as a metric, and for who has run it, as an accumulator. On its task's thread. */
final class Tally {
    private static final String GROUP = "features";

    private final Counter metric;
    private final LongCounter total = new LongCounter();

    Tally(RuntimeContext context, String name) {
        this.metric = context.getMetricGroup().addGroup(GROUP).counter(name);
        context.addAccumulator(name, total);
    }

    void inc() {
        metric.inc();
        total.add(1);
    }
}
