package io.millrace.local.cli;

import io.millrace.local.model.LogRange;
import io.millrace.record.ExcludedRange;
import io.millrace.record.LineagePlan;
import io.millrace.trainer.snapshot.Erasures;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Learns, beside the live model, one that never saw a stretch of the log, or subjects that were erased.",
            "Without a stretch, it begins with the newest base before it; without subjects, with the log. It serves nobody until"
                    + " 'millrace model switch'."
        },
        footer = {
            "",
            "Examples:",
            "  millrace model rebuild --without 1200..3400 --dir data",
            "  millrace model rebuild --without 2026-11-26T03:00:00Z..2026-11-26T04:00:00Z --dir data",
            "  millrace model rebuild --without-erased --dir data"
        })
final class ModelRebuildCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @ArgGroup(multiplicity = "1")
    private What what;

    /** One of them. */
    static final class What {
        @ArgGroup(exclusive = false)
        private @Nullable Stretch stretch;

        @Option(names = "--without-erased", required = true, description = "All subjects that were erased until now.")
        private boolean isErased;
    }

    /** Of one partition. */
    static final class Stretch {
        @Option(
                names = "--without",
                required = true,
                paramLabel = "FROM..TO",
                description = "Offsets of examples, or times at which they were written; TO itself is learned.")
        private String range;

        @Option(names = "--shard", paramLabel = "N", description = "The partition of that stretch (default: 0).")
        private int shard;
    }

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() throws Exception {
        Stretch stretch = what.stretch;
        if (stretch == null) {
            return flags.changing(command, operator -> {
                LineagePlan plan = operator.rebuildWithoutErased();
                tell(
                        plan,
                        Erasures.of(plan.getErased()) + " that "
                                + (plan.getErased().size() == 1 ? "was" : "were") + " erased");
            });
        }
        LogRange range = LogRange.of(stretch.range);
        return flags.changing(command, operator -> {
            LineagePlan plan = operator.rebuild(stretch.shard, range);
            ExcludedRange last = plan.getExcluded().get(plan.getExcluded().size() - 1);
            tell(plan, last.getFrom() + ".." + last.getTo());
        });
    }

    private void tell(LineagePlan plan, String without) {
        command.commandLine()
                .getOut()
                .println("lineage " + plan.getLineage() + " is learned without "
                        + without
                        + (plan.getStart().isEmpty()
                                ? ", from the log's beginning"
                                : ", from version " + plan.getStart().get(0).getOffset() + " on")
                        + "; 'millrace model list' shows how far it is, 'millrace model switch "
                        + plan.getLineage().substring(0, 8) + "' has it serve");
    }
}
