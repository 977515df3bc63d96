package io.millrace.ingestion.replay;

import io.millrace.ingestion.table.Numbers;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What to replay and how.
 *
 * @param speed event time that passes in a unit of real time: 1 is as it happened, 60 a minute a second, 0 as fast as possible
 * @param fromLine rows that start before this line of the file are passed over
 */
public record ReplayPlan(Path file, ReplayMapping mapping, double speed, BadRows badRows, long fromLine) {
    /** What becomes of a row that does not hold what the mapping says. */
    public enum BadRows {
        /** It ends the replay; everything before it is written. */
        FAIL,
        /** It goes to {@code dead-letters}, is counted, and the replay goes on. */
        SKIP
    }

    /** @throws IllegalArgumentException that lists everything wrong */
    public ReplayPlan {
        List<Problem> problems = new ArrayList<>();
        if (!(speed >= 0 && speed < Double.POSITIVE_INFINITY)) {
            problems.add(new Problem("speed", Double.toString(speed), "0 or a factor"));
        }
        if (fromLine < 1) {
            problems.add(new Problem("fromLine", Long.toString(fromLine), "a line from 1"));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", problems.stream().map(Problem::toString).toList()));
        }
    }

    /** The whole file as fast as possible, ending at the first bad row. */
    public static ReplayPlan of(Path file, ReplayMapping mapping) {
        return new ReplayPlan(file, mapping, 0, BadRows.FAIL, 1);
    }

    public ReplayPlan withSpeed(double newSpeed) {
        return new ReplayPlan(file, mapping, newSpeed, badRows, fromLine);
    }

    public ReplayPlan withBadRows(BadRows newBadRows) {
        return new ReplayPlan(file, mapping, speed, newBadRows, fromLine);
    }

    public ReplayPlan from(long line) {
        return new ReplayPlan(file, mapping, speed, badRows, line);
    }

    /**
     * Reads a speed as people write it: {@code max}, or a factor with or without {@code x}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static double parseSpeed(String text) {
        if (text.equals("max")) {
            return 0;
        }
        OptionalDouble factor = Numbers.parse(text.endsWith("x") ? text.substring(0, text.length() - 1) : text);
        if (factor.isEmpty() || factor.getAsDouble() < 0) {
            throw new IllegalArgumentException(new Problem("speed", text, "max, 0 or a factor like 60").toString());
        }
        return factor.getAsDouble();
    }
}
