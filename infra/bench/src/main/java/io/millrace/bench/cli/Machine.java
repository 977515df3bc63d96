package io.millrace.bench.cli;

import java.util.Map;

/** What figures were measured on. */
final class Machine {
    private Machine() {}

    static Map<String, String> describe() {
        return Map.of(
                "os", System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                "processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    }
}
