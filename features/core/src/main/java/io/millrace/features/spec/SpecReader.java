package io.millrace.features.spec;

import io.millrace.wire.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a pipeline spec, strictly. */
public final class SpecReader {
    private static final int DEEPEST = 50;

    private final String source;

    private SpecReader(String source) {
        this.source = source;
    }

    /**
     * @param source how the text is called in problems, usually its file name
     * @throws SpecException with every problem of the text
     */
    public static PipelineSpec read(String text, String source) {
        return new SpecReader(source).read(text);
    }

    private PipelineSpec read(String text) {
        List<SpecProblem> problems = new ArrayList<>();
        PipelineSpec spec = read(new Section(compose(text), problems));
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(SpecProblem::line).thenComparingInt(SpecProblem::column));
            throw new SpecException(source, problems);
        }
        return spec;
    }

    private static PipelineSpec read(Section root) {
        String pipeline = root.value(Settings.PIPELINE, "pipeline");
        Section decisionSection = root.section("decision");
        DecisionSpec decision = new DecisionReader(decisionSection).read();
        FeedbackSpec feedback = FeedbackReader.read(root.section("feedback"));
        boolean known = CrossesReader.declarationsKnown(decisionSection);
        Map<String, EventSpec> events = EventsReader.read(root.section(Settings.EVENTS.key()), feedback);
        List<AggregateSpec> aggregates = AggregatesReader.read(
                root.section(Settings.FEATURES.key()), new KnownKinds(decision, feedback, events), decision, known);
        DecisionSpec seen = decision.with(aggregates);
        List<List<String>> crosses = CrossesReader.read(root, decisionSection, seen);
        Map<String, Bins> bins = BinsReader.read(root.section(Settings.BINS.key()), seen, known);
        ModelSpec model = ModelReader.read(root.section("model"), seen, known);
        PolicySpec policy = new PolicyReader(root.section("policy"), decisionSection, decision).read();
        SnapshotSpec snapshot = SnapshotReader.read(root.section("snapshot"));
        List<SourceSpec> sources = SourcesReader.read(
                root.section(SourceSettings.SOURCES.key()),
                new TargetReader.Surroundings(decision, aggregates, feedback));
        root.reportUnknown();
        return new PipelineSpec(
                pipeline, decision, feedback, events, aggregates, crosses, bins, model, policy, snapshot, sources);
    }

    private Node compose(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            checkDepth(text, settings);
            return new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> unreadable(1, 1, Problem.missing("spec", "a mapping of settings")));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark();
            throw unreadable(
                    mark.map(Mark::getLine).orElse(0) + 1,
                    mark.map(Mark::getColumn).orElse(0) + 1,
                    new Problem("spec", e.getProblem(), "YAML 1.2"));
        } catch (YamlEngineException e) {
            throw unreadable(1, 1, new Problem("spec", String.valueOf(e.getMessage()), "YAML 1.2"));
        }
    }

    /** The composer recurses: what is nested too deeply would end in a stack overflow. */
    private void checkDepth(String text, LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                Optional<Mark> mark = event.getStartMark();
                throw unreadable(
                        mark.map(Mark::getLine).orElse(0) + 1,
                        mark.map(Mark::getColumn).orElse(0) + 1,
                        new Problem("spec", "nested " + depth + " deep", "at most " + DEEPEST));
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private SpecException unreadable(int line, int column, Problem problem) {
        return new SpecException(source, List.of(new SpecProblem(line, column, problem)));
    }
}
