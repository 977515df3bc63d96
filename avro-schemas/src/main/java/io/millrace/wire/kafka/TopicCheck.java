package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a part looks at before it starts: that the topics which it reads and writes are there, and lose neither records nor
 * their order. What loses nothing is a warning in the log; so is what the principal may not see.
 *
 * @param retention how long topics should be kept
 * @param transactions how long transactions stay open; zero for a part without any
 */
public record TopicCheck(Part part, Duration retention, Duration transactions) {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
    /** A broker learns of a topic some moments after its controller has made it. */
    private static final long MISSING_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long LOOK_AGAIN_MS = 100;

    /** For a part that knows no pipeline. */
    public static TopicCheck of(Part part) {
        return new TopicCheck(part, TopicPlan.RETENTION, Duration.ZERO);
    }

    /**
     * Looks.
     *
     * @throws DeploymentException with everything that loses records, and the commands that mend it
     * @throws IllegalStateException if Kafka does not tell
     */
    public void run(KafkaSettings settings) throws DeploymentException, InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(settings)) {
            run(settings, admin);
        }
    }

    private void run(KafkaSettings settings, TopicAdmin admin) throws DeploymentException, InterruptedException {
        List<TopicState> states = survey(admin);
        List<Problem> losses = new ArrayList<>();
        for (TopicState state : states) {
            if (state.exists()) {
                losses.addAll(state.losses());
            } else {
                losses.add(Problem.missing(state.name(), "a topic that this principal may describe"));
            }
        }
        warn(states);
        List<Problem> timeouts = transactions.isZero() ? List.of() : timeouts(admin);
        losses.addAll(timeouts);
        if (!losses.isEmpty()) {
            throw new DeploymentException(
                    "topics of " + part.text(), losses, ways(settings, states, !timeouts.isEmpty()));
        }
    }

    private List<TopicState> survey(TopicAdmin admin) throws InterruptedException {
        TopicPlan plan = TopicPlan.ofAnySize(retention);
        long end = System.nanoTime() + MISSING_NANOS;
        List<TopicState> states = admin.survey(plan, part.topics());
        while (!states.stream().allMatch(TopicState::exists) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            states = admin.survey(plan, part.topics());
        }
        return states;
    }

    private void warn(List<TopicState> states) {
        for (TopicState state : states) {
            state.problems().stream()
                    .filter(problem -> !state.losses().contains(problem))
                    .forEach(problem -> LOG.warn("{}", problem));
        }
        List<String> unseen = states.stream()
                .filter(state -> state.exists() && !state.isDescribed())
                .map(TopicState::name)
                .toList();
        if (!unseen.isEmpty()) {
            LOG.warn(
                    "{}: retention and compaction are not checked (expected: the access rule DESCRIBE_CONFIGS, "
                            + "see 'millrace topics --acl {}=User:NAME')",
                    String.join(", ", unseen),
                    part.text());
        }
    }

    private List<Problem> timeouts(TopicAdmin admin) throws InterruptedException {
        admin.transactionProblem().ifPresent(problem -> LOG.warn("{}", problem));
        Optional<List<Problem>> problems = admin.transactionTimeoutProblems(transactions);
        if (problems.isEmpty()) {
            LOG.warn(
                    "transaction.max.timeout.ms of the brokers is not checked (expected: at least {}; the access rule "
                            + "DESCRIBE_CONFIGS of the cluster)",
                    transactions.toMillis());
        }
        return problems.orElse(List.of());
    }

    private List<String> ways(KafkaSettings settings, List<TopicState> states, boolean isTimeoutShort) {
        String command = "millrace topics " + flags(settings) + (part == Part.COLLECTOR ? "" : " --spec FILE");
        List<String> ways = new ArrayList<>();
        if (states.stream().anyMatch(state -> !state.exists())) {
            ways.add("what is missing is made by: " + command + " --create");
        }
        if (states.stream().anyMatch(TopicCheck::isMendable)) {
            ways.add("compaction and retention are set right by: " + command + " --mend");
        }
        states.stream()
                .filter(state ->
                        state.losses().stream().anyMatch(loss -> loss.name().equals(state.name() + ", partitions")))
                .forEach(state -> ways.add("partitions cannot be taken away; delete " + state.name()
                        + ", with what is in it, and: " + command + " --create"));
        if (isTimeoutShort) {
            ways.add("brokers read transaction.max.timeout.ms when they start, from server.properties; where it cannot "
                    + "be changed, --transaction-timeout says for how long the join may be down instead");
        }
        return ways;
    }

    private static boolean isMendable(TopicState state) {
        return state.losses().stream().anyMatch(loss -> !loss.name().equals(state.name() + ", partitions"));
    }

    private static String flags(KafkaSettings settings) {
        boolean isAddressOnly = settings.client().keySet().equals(Set.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        if (!isAddressOnly) {
            return "--config FILE";
        }
        return "--kafka " + settings.client().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                + (settings.prefix().isEmpty() ? "" : " --topics-prefix " + settings.prefix());
    }
}
