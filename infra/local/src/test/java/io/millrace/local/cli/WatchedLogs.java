package io.millrace.local.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Everything that this process logs, clients' settings among it, held against what it must never show. */
final class WatchedLogs extends AbstractAppender implements AutoCloseable {
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final Pattern never;
    private final Pattern counted;
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();

    /** @param counted what is looked for as well, to see that anything is seen */
    WatchedLogs(Pattern never, Pattern counted) {
        super("watched", null, null, true, Property.EMPTY_ARRAY);
        this.never = never;
        this.counted = counted;
        start();
        LoggerConfig root = context.getConfiguration().getRootLogger();
        List.copyOf(root.getAppenders().values()).forEach(appender -> {
            root.removeAppender(appender.getName());
            root.addAppender(appender, Level.ERROR, null);
        });
        root.addAppender(this, Level.INFO, null);
        root.setLevel(Level.INFO);
        context.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
        StringWriter text = new StringWriter();
        text.append(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(text));
        }
        if (never.matcher(text.toString()).find()) {
            shown.add(event.getLoggerName() + ": " + text);
        }
        if (counted.matcher(text.toString()).find()) {
            count.incrementAndGet();
        }
    }

    /** What should not have been logged. */
    List<String> shown() {
        return shown;
    }

    int count() {
        return count.get();
    }

    @Override
    public void close() {
        context.reconfigure();
        stop();
    }
}
