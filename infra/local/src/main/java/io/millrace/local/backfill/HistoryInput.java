package io.millrace.local.backfill;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that are read in the same way.
 *
 * @param from files and directories
 * @param tables how tables become events; null where they are none
 */
public record HistoryInput(List<Path> from, @Nullable Tables tables) {
    public HistoryInput {
        from = List.copyOf(from);
    }
}
