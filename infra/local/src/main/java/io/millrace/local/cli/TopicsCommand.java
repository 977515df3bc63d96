package io.millrace.local.cli;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Deployment;
import io.millrace.wire.kafka.KafkaSettings;
import io.millrace.wire.kafka.Part;
import io.millrace.wire.kafka.TopicAdmin;
import io.millrace.wire.kafka.TopicPlan;
import io.millrace.wire.kafka.TopicState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the topics that a loop needs and how they are, creates those that are missing, or sets right what is wrong.",
            "Nothing else creates any. Exit code 1 if one is missing or wrong."
        },
        footer = {
            "",
            "Example:",
            "  millrace topics --kafka broker:9092 --replication 3 --create --acl serving=User:serving"
        })
final class TopicsCommand implements Callable<Integer> {
    private static final int WRONG = 1;

    @Spec
    private CommandSpec command;

    @Mixin
    private DeploymentFlags deployment;

    @Option(names = "--create", description = "Creates what is missing; what exists is left as it is.")
    private boolean create;

    @Option(
            names = "--mend",
            description = {
                "Sets compaction and retention of topics that exist right, where they are wrong.",
                "A longer retention than asked for, partitions and copies are left as they are."
            })
    private boolean mend;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description = "Partitions of examples, for ever (default: ${DEFAULT-VALUE}; serving follows one).")
    private int shards;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "1",
            description = "Copies of each topic (default: ${DEFAULT-VALUE}); with 3, two must acknowledge.")
    private int replication;

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "A pipeline: topics are kept for longer than its feedback may be late (default: 7 days).")
    private @Nullable Path spec;

    @Option(
            names = "--acl",
            paramLabel = "PART=PRINCIPAL",
            description =
                    "Also the access rules of a part (collector, join, learn, serving, sources) for User:name; repeatable.")
    private Map<String, String> acls = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        Deployment given = deployment.read();
        TopicPlan plan = plan();
        List<AclBinding> rules = rules(given.kafka());
        List<TopicState> states;
        Optional<Problem> transactions;
        try (TopicAdmin admin = new TopicAdmin(given.kafka())) {
            if (create) {
                for (Topic topic : admin.createMissing(plan)) {
                    out.println("created " + given.kafka().name(topic));
                }
                if (!rules.isEmpty()) {
                    admin.createAcls(rules);
                    out.println("created " + rules.size() + " access rules");
                }
            }
            if (mend) {
                for (Topic topic : admin.mend(plan)) {
                    out.println("mended " + given.kafka().name(topic));
                }
            }
            states = admin.survey(plan);
            transactions = admin.transactionProblem();
        }
        print(out, states);
        transactions.ifPresent(problem -> out.println("brokers  WRONG\n    " + problem));
        if (!create) {
            rules.forEach(rule -> out.println(shown(rule)));
        }
        return states.stream()
                        .allMatch(state -> state.exists() && state.problems().isEmpty())
                ? 0
                : WRONG;
    }

    private TopicPlan plan() throws StartException {
        try {
            Duration retention = TopicPlan.RETENTION;
            if (spec != null) {
                PipelineSpec pipeline = SpecFile.read("--spec", spec);
                retention = TopicPlan.retention(
                        pipeline.feedback().window(), pipeline.feedback().late());
            }
            return new TopicPlan(shards, (short) Math.min(replication, Short.MAX_VALUE), retention);
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private List<AclBinding> rules(KafkaSettings kafka) throws StartException {
        List<AclBinding> rules = new ArrayList<>();
        for (Map.Entry<String, String> acl : acls.entrySet()) {
            Part part = Part.of(acl.getKey())
                    .orElseThrow(() -> new StartException(
                            new Problem("--acl", acl.getKey(), Suggestion.expected(acl.getKey(), Part.texts()))
                                    .toString()));
            if (!acl.getValue().matches("\\w+:.+")) {
                throw new StartException(
                        new Problem("--acl " + acl.getKey(), acl.getValue(), "a principal like User:serving")
                                .toString());
            }
            rules.addAll(part.acls(kafka, acl.getValue()));
            if (part == Part.SOURCES && spec != null) {
                // Of other clusters, their owners say who may read.
                SpecFile.read("--spec", spec).sources().stream()
                        .filter(source -> source.cluster() == null)
                        .forEach(source -> rules.addAll(Part.aclsOfSource(source.topic(), acl.getValue())));
            }
        }
        return rules;
    }

    private static void print(PrintWriter out, List<TopicState> states) {
        int width =
                states.stream().mapToInt(state -> state.name().length()).max().orElse(0);
        for (TopicState state : states) {
            String name = String.format("%-" + width + "s", state.name());
            if (!state.exists()) {
                out.println(name + "  missing");
                continue;
            }
            String config = state.isDescribed()
                    ? state.config().entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(", "))
                    : "not described to this principal (expected: the access rule DESCRIBE_CONFIGS)";
            out.println(name + "  partitions " + state.partitions() + ", replicas " + state.replicas() + ", " + config
                    + (state.problems().isEmpty() ? "" : "  WRONG"));
            state.problems().forEach(problem -> out.println("    " + problem));
        }
    }

    private static String shown(AclBinding rule) {
        return "acl  " + rule.entry().principal() + "  " + rule.entry().operation() + "  "
                + rule.pattern().resourceType() + " " + rule.pattern().patternType() + " "
                + rule.pattern().name();
    }
}
