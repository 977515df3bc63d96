package io.millrace.trainer.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What bit-equality rests on, as a manifest names it. */
public final class Platform {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String UNKNOWN = "unknown";

    private Platform() {}

    /** This process's, by name. */
    public static Map<String, String> describe() {
        Map<String, String> platform = new TreeMap<>();
        platform.put("architecture", System.getProperty("os.arch"));
        platform.put("processor", processor());
        platform.put("java", Integer.toString(Runtime.version().feature()));
        platform.put("blas_threads", "1");
        return platform;
    }

    private static String processor() {
        if (!Files.isReadable(CPU_INFO)) {
            return UNKNOWN;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            Predicate<String> names = line -> line.startsWith("model name") || line.startsWith("CPU part");
            return lines.filter(names)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
