package io.millrace.local.learn;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.local.IoReasons;
import io.millrace.wire.Problem;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens what a flag names as a table: a file, standard input, or a pipe, which is read like standard input. */
final class DataFile {
    private static final Path STANDARD_INPUT = Path.of("-");

    private DataFile() {}

    /** Whether it can be read only once, and its name says nothing of its content. */
    static boolean isStream(Path path) {
        return path.equals(STANDARD_INPUT)
                || Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    /**
     * @param format null where the name tells, or the beginning of a stream
     * @throws DataException if it cannot be read
     */
    static Table open(Path path, @Nullable TableFormat format) {
        if (path.equals(STANDARD_INPUT) || !isStream(path)) {
            return format == null ? Table.open(path) : Table.open(path, format);
        }
        Optional<TableFormat> told = Optional.ofNullable(format).or(() -> TableFormat.of(path));
        String name = path.toString();
        try {
            FileInputStream stream = new FileInputStream(path.toFile());
            return told.isPresent() ? Table.read(name, stream, told.get()) : Table.read(name, stream);
        } catch (IOException e) {
            DataException unreadable = new DataException(new Problem(name, IoReasons.of(e), "a file that can be read"));
            unreadable.addSuppressed(e);
            throw unreadable;
        }
    }
}
