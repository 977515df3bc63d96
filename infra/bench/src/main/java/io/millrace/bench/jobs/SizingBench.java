package io.millrace.bench.jobs;

import io.millrace.bench.contest.TextTable;
import io.millrace.bench.pipeline.Workplace;
import io.millrace.features.job.JoinJob;
import io.millrace.features.job.JoinJobSettings;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.local.FlinkCluster;
import io.millrace.trainer.job.LearnJob;
import io.millrace.trainer.job.LearnJobSettings;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Bytes: what decisions, the join's state and the model's topics take. */
public final class SizingBench {
    private static final String JOIN = "millrace-join";
    private static final int PER_SECOND = 1_000;
    private static final double DAY = 86_400;
    /** Long enough that every label has closed and is learned. */
    private static final long SETTLE_MS = 12_000;

    private final int slots;
    private final PipelineSpec spec;

    /**
     * @param slots of each decision
     * @param features of each candidate
     */
    public SizingBench(int slots, int features) {
        this.slots = slots;
        this.spec = DecisionBacklog.spec(features, "5s");
    }

    /** What decisions take, for each number of candidates and each of what is logged. */
    public String decisions(int seconds, List<Integer> candidates, Map<String, Double> logs, Consumer<String> progress)
            throws Exception {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("decision.log", "candidates", "bytes each", "stored each", "stored GB a day"));
        for (int offered : candidates) {
            for (Map.Entry<String, Double> log : logs.entrySet()) {
                progress.accept(offered + " candidates, " + log.getKey());
                TopicSizes.Size size = decisions(seconds, offered, log.getValue());
                rows.add(List.of(
                        log.getKey(),
                        Integer.toString(offered),
                        TextTable.number(size.each(), 0),
                        TextTable.number(size.storedEach(), 0),
                        TextTable.number(size.storedEach() * PER_SECOND * DAY / 1e9, 0)));
            }
        }
        return TextTable.of(rows, 1);
    }

    private TopicSizes.Size decisions(int seconds, int candidates, double unshownRate) throws Exception {
        try (Workplace workplace = Workplace.open();
                Paced paced = new Paced(workplace.kafka())) {
            DecisionBacklog backlog = new DecisionBacklog(spec, slots, candidates, unshownRate);
            paced.write((long) seconds * PER_SECOND, PER_SECOND, new Paced.Stream(Topic.DECISIONS, backlog::decision));
            return TopicSizes.of(workplace.kafka(), Topic.DECISIONS).get(Topic.DECISIONS);
        }
    }

    /** What comes of them: the join's state and the topics that join and learner write, at a thousand decisions a second. */
    public String loop(int seconds, Consumer<String> progress) throws Exception {
        progress.accept("join and learner");
        long decisions = (long) seconds * PER_SECOND;
        DecisionBacklog backlog = new DecisionBacklog(spec, slots);
        try (Workplace workplace = Workplace.open()) {
            KafkaSettings kafka = workplace.kafka();
            Path directory = workplace.directory("loop");
            Path models = Files.createDirectory(directory.resolve("models"));
            Path joined = directory.resolve("join");
            double took;
            try (FlinkCluster join = FlinkCluster.start(joined);
                    FlinkCluster learn = FlinkCluster.start(directory.resolve("learn"));
                    Paced paced = new Paced(kafka)) {
                StreamExecutionEnvironment joining = join.environment();
                JoinJobSettings settings = JoinJobSettings.defaults();
                JoinJob.configure(joining, settings);
                JoinJob.build(joining, kafka, spec.feedback(), settings, Clock.systemUTC());
                join.submit(JOIN, joining);
                StreamExecutionEnvironment learning = learn.environment();
                LearnJobSettings learner = LearnJobSettings.lookUp(kafka, spec, models.toUri());
                LearnJob.configure(learning, learner);
                LearnJob.build(learning, kafka, learner);
                learn.submit(LearnJob.NAME, learning);
                took = paced.write(
                        decisions,
                        PER_SECOND,
                        new Paced.Stream(Topic.DECISIONS, backlog::decision),
                        new Paced.Stream(Topic.FEEDBACK, backlog::feedback));
                Thread.sleep(SETTLE_MS);
            }
            return table(decisions, took, kafka, StateSize.newest(joined), base(models));
        }
    }

    private static String table(long decisions, double seconds, KafkaSettings kafka, long state, long base)
            throws InterruptedException {
        Topic[] topics = {Topic.FEEDBACK, Topic.EXAMPLES, Topic.OUTCOMES, Topic.MODEL_UPDATES, Topic.MODEL_MANIFESTS};
        Map<Topic, TopicSizes.Size> sizes = new LinkedHashMap<>(TopicSizes.of(kafka, topics));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "records", "bytes each", "stored each", "bytes a decision", "stored GB a day"));
        sizes.forEach((topic, size) -> rows.add(List.of(
                topic.text(),
                TextTable.number(size.records(), 0),
                TextTable.number(size.each(), 0),
                TextTable.number(size.storedEach(), 0),
                TextTable.number(size.bytes() / (double) decisions, 0),
                TextTable.number(size.stored() / (double) decisions * PER_SECOND * DAY / 1e9, 1))));
        return TextTable.of(rows, 1)
                + String.format(
                        "join state %,.0f bytes a decision, in the checkpoint; newest base snapshot %,d bytes;%n"
                                + "%,d decisions in %.1f s (expected: %d a second)%n",
                        state / (double) decisions, base, decisions, seconds, PER_SECOND);
    }

    private static long base(Path models) throws IOException {
        try (Stream<Path> files = Files.walk(models)) {
            long largest = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                largest = Math.max(largest, Files.size(file));
            }
            return largest;
        }
    }
}
