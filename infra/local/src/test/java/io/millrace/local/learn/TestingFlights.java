package io.millrace.local.learn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Files of flights in a directory; those to B and those at noon are late more often. */
record TestingFlights(Path directory) {
    /** How many there are to learn something from. 2,500 = 156 * 16 + 4. */
    static final int ROWS = 2_500;

    /** A run with features of every sort. */
    static TestingRun run(Path data) {
        return new TestingRun(data, "delay > 15")
                .time("date")
                .features("origin,hour", "", List.of("origin*hour", "hour*weekday*lag_1"), List.of("distance"), 2);
    }

    Path csv(String name, int from, int to) throws IOException {
        return write(name, String.join("\n", rows(from, to)));
    }

    static List<String> rows(int from, int to) {
        return IntStream.range(from - 1, to)
                .mapToObj(i -> {
                    Random random = new Random(i);
                    String origin = List.of("A", "B", "C").get(random.nextInt(3));
                    int hour = random.nextInt(24);
                    int delay = random.nextInt(20) + (origin.equals("B") ? 10 : 0) + (hour == 12 ? 10 : 0);
                    return i < from
                            ? "date,delay,distance,origin"
                            : String.format(
                                    "2001-01-%02dT%02d:30:00,%d,%d,%s",
                                    1 + i % 28, hour, delay, 100 + random.nextInt(900), origin);
                })
                .toList();
    }

    static String json(String row) {
        String[] fields = row.split(",");
        return String.format(
                "{\"date\":\"%s\",\"delay\":%s,\"distance\":%s,\"origin\":\"%s\"}",
                fields[0], fields[1], fields[2], fields[3]);
    }

    Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
