package io.millrace.local.verify;

import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the feedback ids that a client was told are accepted: one a line, after a tab how often it was posted, once if
 * nothing is said. Read more than once, held never.
 */
record Acknowledged(Path file) {
    private static final long MOST_POSTS = 1_000_000;

    /** Receives an id. */
    @FunctionalInterface
    interface Ids {
        /** Returns whether more are wanted. */
        boolean next(String id, long posts);
    }

    /** @throws StartException if the file cannot be read, naming the line that is wrong */
    void read(Ids ids) throws StartException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isEmpty()) {
                    int tab = line.indexOf('\t');
                    String id = tab < 0 ? line : line.substring(0, tab);
                    if (!ids.next(id, tab < 0 ? 1 : posts(number, line.substring(tab + 1)))) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            throw new StartException(
                    "--acknowledged: " + file + ": " + IoReasons.of(e) + " (expected: a feedback id a line)", e);
        }
    }

    private long posts(long line, String text) throws StartException {
        try {
            long posts = Long.parseLong(text.strip());
            if (posts >= 1 && posts <= MOST_POSTS) {
                return posts;
            }
        } catch (NumberFormatException e) {
            throw wrong(line, text);
        }
        throw wrong(line, text);
    }

    private StartException wrong(long line, String text) {
        return new StartException(new Problem(
                        "--acknowledged: " + file + ", line " + line,
                        text,
                        "after the tab, how often it was posted: 1 to " + MOST_POSTS)
                .toString());
    }
}
