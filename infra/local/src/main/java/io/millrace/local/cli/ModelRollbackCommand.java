package io.millrace.local.cli;

import io.millrace.record.ExcludedRange;
import io.millrace.record.LineagePlan;
import io.millrace.record.ShardBase;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Goes back to a version of the live model, as if nothing had been written since, and learns on from what comes now.",
            "It serves at once, as a lineage of its own; the one before goes on being learned until 'millrace model drop'."
        },
        footer = {"", "Example:", "  millrace model rollback 2078 --dir data"})
final class ModelRollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "VERSION",
            description = "An offset of examples: the version that has learned what is before it.")
    private long version;

    @Option(names = "--freeze", description = "Learns nothing until 'millrace model thaw'.")
    private boolean frozen;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        return flags.changing(command, operator -> {
            LineagePlan plan = operator.rollback(version, frozen);
            command.commandLine().getOut().println(said(plan));
        });
    }

    private String said(LineagePlan plan) {
        ShardBase start = plan.getStart().get(0);
        ExcludedRange last = plan.getExcluded().get(plan.getExcluded().size() - 1);
        // A version is named by the offset behind what it has learned last.
        String same = start.getOffset() == version
                ? ""
                : ", which is version " + version + ", too: of " + start.getOffset() + ".." + version
                        + " there is nothing to learn";
        return "lineage " + plan.getLineage() + " serves from version " + start.getOffset() + " on" + same + "; digest "
                + start.getDigest() + "; the log's offsets " + last.getFrom() + ".." + last.getTo()
                + " are passed over, and "
                + (frozen
                        ? "nothing is learned until 'millrace model thaw'"
                        : "what comes from " + last.getTo() + " on is learned");
    }
}
