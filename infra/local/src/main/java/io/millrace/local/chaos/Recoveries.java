package io.millrace.local.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long parts took to do their work again. Safe for use by several threads. */
final class Recoveries {
    private final Map<String, List<Long>> millis = new TreeMap<>();

    /** Of one part; the figures are in milliseconds. */
    record Figures(int count, long p50, long p99, long max) {}

    synchronized void add(String part, long took) {
        millis.computeIfAbsent(part, name -> new ArrayList<>()).add(took);
    }

    synchronized Map<String, Figures> figures() {
        Map<String, Figures> figures = new TreeMap<>();
        millis.forEach((part, took) -> {
            List<Long> sorted = took.stream().sorted().toList();
            figures.put(
                    part, new Figures(sorted.size(), at(sorted, 0.5), at(sorted, 0.99), sorted.get(sorted.size() - 1)));
        });
        return figures;
    }

    /** The smallest that at least this share are not above (nearest rank). */
    private static long at(List<Long> sorted, double share) {
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
