package io.millrace.local.model;

import io.millrace.local.StartException;
import io.millrace.local.log.TopicLog;
import io.millrace.wire.Problem;
import io.millrace.wire.Topic;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.ToLongFunction;

/**
 * A stretch of a partition of examples, as somebody named it: by offsets, or by the times at which its records were written.
 * Nothing is known about it yet.
 */
public final class LogRange {
    private static final String EXPECTED =
            "FROM..TO, two offsets like 1200..3400 or two times like 2026-11-26T03:00:00Z..2026-11-26T04:00:00Z";

    private final String text;
    private final long from;
    private final long to;
    private final boolean areTimes;

    private LogRange(String text, long from, long to, boolean areTimes) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.areTimes = areTimes;
    }

    /** @throws StartException if it is no range */
    public static LogRange of(String text) throws StartException {
        int dots = text.indexOf("..");
        if (dots < 0) {
            throw wrong(text);
        }
        String first = text.substring(0, dots);
        String last = text.substring(dots + 2);
        boolean areTimes = first.contains("T");
        try {
            ToLongFunction<String> read = areTimes ? time -> Instant.parse(time).toEpochMilli() : Long::parseLong;
            long from = read.applyAsLong(first);
            long to = read.applyAsLong(last);
            if (from < 0 || to <= from) {
                throw wrong(text);
            }
            return new LogRange(text, from, to, areTimes);
        } catch (NumberFormatException | DateTimeParseException e) {
            throw wrong(text);
        }
    }

    private static StartException wrong(String text) {
        return new StartException(new Problem("--without", text, EXPECTED).toString());
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /**
     * The same in offsets.
     *
     * @throws StartException if nothing of the log is in it, or it ends beyond the log
     */
    LogRange within(TopicLog log, TopicLog.Extent extent) throws StartException, InterruptedException {
        long begin = areTimes ? at(log, extent, from) : from;
        long end = areTimes ? at(log, extent, to) : to;
        if (end > extent.end() || begin >= end) {
            throw new StartException(new Problem(
                            "--without",
                            text + (areTimes ? ", offsets " + begin + ".." + end : ""),
                            "some of " + log.name(Topic.EXAMPLES, extent.partition()) + ", which has offsets "
                                    + extent.begin() + ".." + extent.end())
                    .toString());
        }
        return new LogRange(text, begin, end, false);
    }

    private static long at(TopicLog log, TopicLog.Extent extent, long timeMillis)
            throws StartException, InterruptedException {
        return log.since(Topic.EXAMPLES, timeMillis).stream()
                .filter(found -> found.partition() == extent.partition())
                .mapToLong(TopicLog.Extent::begin)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return from + ".." + to;
    }
}
