package io.millrace.bench.jobs;

import io.millrace.bench.contest.TextTable;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.DataDirectory;
import io.millrace.local.LocalPipeline;
import io.millrace.local.LoopbackPorts;
import io.millrace.local.SourceFiles;
import io.millrace.local.demo.Audiences;
import io.millrace.local.demo.Demo;
import io.millrace.local.demo.Measured;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The whole loop with an audience of the demo, over HTTP, in one process. */
public final class LoopBench {
    private static final Topic[] TOPICS = {
        Topic.DECISIONS,
        Topic.FEEDBACK,
        Topic.OUTCOMES,
        Topic.EXAMPLES,
        Topic.FEATURE_VALUES,
        Topic.NAMES,
        Topic.MODEL_UPDATES
    };

    private final Audiences who;
    private final Optional<Path> data;
    private final long seed;

    public LoopBench(Audiences who, Optional<Path> data, long seed) {
        this.who = who;
        this.data = data;
        this.seed = seed;
    }

    /**
     * Makes that many decisions.
     *
     * @param rate decisions a second; 0 for as fast as they are answered
     */
    public String run(long decisions, double rate, Consumer<String> progress) throws Exception {
        PipelineSpec spec = SpecReader.read(who.spec(), who.text() + ".yaml");
        Path place = Files.createTempDirectory("millrace-bench");
        try (DataDirectory directory = DataDirectory.open(place, spec.pipeline());
                LocalPipeline pipeline = LocalPipeline.start(
                        spec, who.spec(), SourceFiles.NONE, directory, LoopbackPorts.choose(0, 0), progress)) {
            Measured measured = new Demo(spec, pipeline, who.open(data, seed))
                    .run(decisions, rate, progress)
                    .report()
                    .measured();
            return text(decisions, rate, measured, TopicSizes.of(pipeline.kafka(), TOPICS));
        } finally {
            delete(place);
        }
    }

    private String text(long decisions, double rate, Measured measured, Map<Topic, TopicSizes.Size> sizes) {
        double seconds = measured.wallSeconds();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("topic", "records", "bytes each", "stored each", "stored a decision"));
        sizes.forEach((topic, size) -> {
            if (size.records() > 0) {
                rows.add(List.of(
                        topic.text(),
                        TextTable.number(size.records(), 0),
                        TextTable.number(size.each(), 0),
                        TextTable.number(size.storedEach(), 0),
                        TextTable.number(size.stored() / (double) decisions, 0)));
            }
        });
        return String.format(
                        "%s, %,d decisions %s, in %.1f s until all was learned%n"
                                + "decisions          %,.0f a second%n"
                                + "join               %,.0f decisions and feedback a second%n"
                                + "learned            %,.0f examples a second%n"
                                + "freshness          p50 %,.0f ms, p99 %,.0f ms%n"
                                + "rank               p50 %.1f ms, p99 %.1f ms%n%n",
                        who.text(),
                        decisions,
                        rate == 0 ? "as fast as they were answered" : String.format("at %,.0f a second", rate),
                        seconds,
                        decisions / seconds,
                        (decisions + measured.feedback()) / seconds,
                        measured.progressive().examples() / seconds,
                        measured.freshnessMs().p50(),
                        measured.freshnessMs().p99(),
                        measured.rankMs().p50(),
                        measured.rankMs().p99())
                + TextTable.of(rows, 1);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
