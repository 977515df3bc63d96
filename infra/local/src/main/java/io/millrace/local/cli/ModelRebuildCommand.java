package io.millrace.local.cli;

import io.millrace.local.model.LogRange;
import io.millrace.record.LineagePlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Learns, beside the live model, one that never saw a stretch of the log.",
            "It begins with the newest base before the stretch and serves nobody until 'millrace model switch'."
        },
        footer = {
            "",
            "Examples:",
            "  millrace model rebuild --without 1200..3400 --dir data",
            "  millrace model rebuild --without 2026-11-26T03:00:00Z..2026-11-26T04:00:00Z --dir data"
        })
final class ModelRebuildCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = "--without",
            required = true,
            paramLabel = "FROM..TO",
            description = "Offsets of examples, or times at which they were written; TO itself is learned.")
    private String without;

    @Option(names = "--shard", paramLabel = "N", defaultValue = "0", description = "The partition (default: 0).")
    private int shard;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        LogRange range = LogRange.of(without);
        return flags.changing(command, operator -> {
            LineagePlan plan = operator.rebuild(shard, range);
            command.commandLine()
                    .getOut()
                    .println("lineage " + plan.getLineage() + " is learned without "
                            + plan.getExcluded()
                                    .get(plan.getExcluded().size() - 1)
                                    .getFrom() + ".."
                            + plan.getExcluded()
                                    .get(plan.getExcluded().size() - 1)
                                    .getTo()
                            + (plan.getStart().isEmpty()
                                    ? ", from the log's beginning"
                                    : ", from version " + plan.getStart().get(0).getOffset() + " on")
                            + "; 'millrace model list' shows how far it is, 'millrace model switch "
                            + plan.getLineage().substring(0, 8) + "' has it serve");
        });
    }
}
