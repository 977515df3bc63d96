package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a topic, and which of it loses records or their order. Not thread-safe. */
final class TopicFlaws {
    private final List<Problem> all = new ArrayList<>();
    private final List<Problem> losing = new ArrayList<>();

    void losing(Problem problem) {
        add(problem, true);
    }

    void harmless(Problem problem) {
        add(problem, false);
    }

    void add(Problem problem, boolean isLosing) {
        all.add(problem);
        if (isLosing) {
            losing.add(problem);
        }
    }

    List<Problem> all() {
        return all;
    }

    List<Problem> losing() {
        return losing;
    }
}
