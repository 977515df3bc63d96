package io.millrace.local.cli;

import io.millrace.local.BaseFile;
import io.millrace.local.IoReasons;
import io.millrace.local.StartException;
import io.millrace.local.model.WeightTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the weights of a base snapshot as CSV: the row of the table, and its floats by name; rows of zeros are left out.",
            "A first line that begins with # says which version it is, and its progressive loss; docs/python.md."
        },
        footer = {
            "",
            "Example:",
            "  millrace model export data/models/movies/LINEAGE/0/00000000000000002078.base --to weights.csv"
        })
final class ModelExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "A base snapshot, or the model.base of 'millrace learn --save'.")
    private Path base;

    @Option(names = "--to", paramLabel = "FILE", description = "Where the table goes (default: standard output).")
    private @Nullable Path file;

    @Override
    public Integer call() throws Exception {
        WeightTable table = new WeightTable(read());
        if (file == null) {
            PrintWriter out = command.commandLine().getOut();
            table.write(out);
            out.flush();
            return 0;
        }
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            table.write(out);
        } catch (IOException e) {
            throw new StartException("--to: " + file + ": " + IoReasons.of(e) + " (expected: a file to write)", e);
        }
        return 0;
    }

    private BaseFile read() throws StartException, IOException {
        try {
            return BaseFile.read("base", base);
        } catch (NoSuchFileException e) {
            throw new StartException("base " + base + ": missing (expected: a base snapshot)", e);
        }
    }
}
