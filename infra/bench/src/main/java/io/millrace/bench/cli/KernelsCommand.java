package io.millrace.bench.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = "Runs JMH on the parts that bound the speed of learning; takes JMH's own arguments.",
        footer = {
            "",
            "Examples:",
            "  millrace bench kernels Learn -p features=39 -p bits=22",
            "  millrace bench kernels -lp        lists benchmarks and parameters"
        })
final class KernelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws RunnerException {
        try {
            CommandLineOptions options = new CommandLineOptions(arguments.toArray(String[]::new));
            Runner runner = new Runner(options);
            if (options.shouldList()) {
                runner.list();
            } else if (options.shouldListWithParams()) {
                runner.listWithParams(options);
            } else {
                runner.run();
            }
            return 0;
        } catch (CommandLineOptionException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
