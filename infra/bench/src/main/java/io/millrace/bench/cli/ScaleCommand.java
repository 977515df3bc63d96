package io.millrace.bench.cli;

import io.millrace.bench.contest.Clock;
import io.millrace.bench.scale.Measured;
import io.millrace.bench.scale.Point;
import io.millrace.bench.scale.ScaleTable;
import io.millrace.bench.scale.Scaling;
import io.millrace.bench.vw.VwContenders;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = {
            "How the cost of learning grows with the table and with the features of an example: examples a second of ftrl and",
            "auto, from a record's bytes to weights, beside Vowpal Wabbit's default with a table of the same size."
        },
        footer = {
            "",
            "Examples:",
            "  millrace bench scale",
            "  millrace bench scale --bits 22,26 --features 10,1000 --values 2000000 --repeat 5"
        })
final class ScaleCommand implements Callable<Integer> {
    private static final int FEATURES = 39;
    private static final int BITS = 22;
    private static final int MOST_BITS = 28;
    private static final int MOST_FEATURES = 4_000;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--bits",
            paramLabel = "N",
            split = ",",
            defaultValue = "18,20,22,24,26",
            description = "Tables of 2^N weights, at " + FEATURES + " features (default: ${DEFAULT-VALUE}).")
    private List<Integer> bits;

    @Option(
            names = "--features",
            paramLabel = "N",
            split = ",",
            defaultValue = "10,30,100,300,1000",
            description = "Features of an example, with 2^" + BITS + " weights (default: ${DEFAULT-VALUE}).")
    private List<Integer> features;

    @Option(
            names = "--values",
            paramLabel = "N",
            defaultValue = "8000000",
            description = "Feature values of all examples of a measurement together (default: ${DEFAULT-VALUE}).")
    private long values;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each learns, in turn; times are medians (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Override
    public Integer call() {
        bits.forEach(size -> check(size, 1, MOST_BITS, "--bits"));
        features.forEach(number -> check(number, 1, MOST_FEATURES, "--features"));
        check(values, 1, 1_000_000_000, "--values");
        check(repeat, 1, 1_000, "--repeat");
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        Optional<String> absent = VwContenders.unavailable();
        absent.ifPresent(why -> err.println("millrace: vw left out: " + why));
        Scaling scaling =
                new Scaling(values, repeat, absent.isEmpty(), Clock.system(), line -> err.println("millrace: " + line));
        List<Measured> measured = scaling.run(Point.all(bits, FEATURES, features, BITS));
        out.print(ScaleTable.of(measured, VwContenders.MAKER));
        out.flush();
        return 0;
    }

    private void check(long value, long from, long to, String flag) {
        if (value < from || value > to) {
            throw new ParameterException(
                    command.commandLine(), flag + ": " + value + " (expected: " + from + " to " + to + ")");
        }
    }
}
