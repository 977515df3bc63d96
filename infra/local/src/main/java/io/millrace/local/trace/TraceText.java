package io.millrace.local.trace;

import io.millrace.local.trace.Trace.Learned;
import io.millrace.local.trace.Trace.Placed;
import io.millrace.local.trace.Trace.ServedBy;
import io.millrace.local.trace.Trace.Version;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.record.Feedback;
import io.millrace.record.ModelVersion;
import io.millrace.record.Outcome;
import io.millrace.record.Slot;
import io.millrace.wire.DecisionIds;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A timeline for people: what happened in event time, as delays after the decision, and then what the machines did, by the wall
 * clock after the decision's id was minted. A replay's event times may be years from the wall clock.
 */
final class TraceText {
    private record Line(long micros, int rank, String text) {}

    private final StringBuilder out = new StringBuilder();
    private final long began;

    private TraceText(long began) {
        this.began = began;
    }

    private static long minted(String decisionId, long otherwise) {
        return DecisionIds.isDecisionId(decisionId)
                ? TimeUnit.MILLISECONDS.toMicros(DecisionIds.timeMillis(decisionId))
                : otherwise;
    }

    static String of(Trace trace) {
        TraceText text = new TraceText(trace.decision().value().getTimeMicros());
        text.decision(trace);
        List<Line> lines = new ArrayList<>();
        trace.feedback().forEach(feedback -> lines.add(feedback(feedback)));
        trace.outcomes().forEach(outcome -> lines.add(outcome(outcome)));
        List<Line> machines = new ArrayList<>();
        trace.examples().forEach(example -> text.example(example, lines, machines));
        text.lines(lines, text.began, "");
        text.lines(machines, minted(trace.decision().value().getId(), text.began), ", wall clock");
        if (trace.examples().isEmpty()) {
            text.line("", "no example yet: its window is open, or another decision about the same request counts");
        }
        return text.out.toString();
    }

    private void decision(Trace trace) {
        Decision made = trace.decision().value();
        out.append("decision ").append(made.getId());
        if (made.getRequestId() != null) {
            out.append(", request ").append(made.getRequestId());
        }
        out.append('\n');
        Instant time = Instant.EPOCH.plus(began, ChronoUnit.MICROS);
        line(
                time.toString(),
                "decided for " + made.getSubject() + " by " + made.getArm()
                        + (made.getExplored() ? ", exploring" : "") + ", of " + made.getCandidates()
                        + " candidates; policy "
                        + made.getPolicy() + place(trace.decision()));
        if (!made.getVariants().isEmpty()) {
            line("", "variants " + pairs(new TreeMap<>(made.getVariants())));
        }
        ModelVersion model = made.getModel();
        line(
                "",
                model == null
                        ? "no model yet"
                        : "scored by lineage " + model.getLineage() + ", version " + model.getOffsets()
                                + ": it had learned what stands before "
                                + (model.getOffsets().size() == 1 ? "that offset" : "these offsets"));
        for (int i = 0; i < made.getSlate().size(); i++) {
            Slot slot = made.getSlate().get(i);
            line(
                    "",
                    String.format(
                            Locale.ROOT,
                            "slot %d: %s, score %.5g, propensity %.5g (%.5g given the arm)",
                            i,
                            slot.getItem(),
                            slot.getScore(),
                            slot.getPropensity(),
                            slot.getArmPropensity()));
            if (i < trace.features().size()) {
                line("", "  " + pairs(trace.features().get(i)));
            }
        }
        if (trace.features().isEmpty()) {
            line("", "features cannot be read: no spec of this feature set is known (expected: --spec)");
        }
    }

    private static Line feedback(Placed<Feedback> placed) {
        Feedback told = placed.value();
        String of = told.getSlot() != null
                ? " of slot " + told.getSlot()
                : told.getItem() != null ? " of " + told.getItem() : "";
        return new Line(
                told.getTimeMicros(),
                0,
                "feedback " + told.getId() + ": " + told.getKind() + " " + told.getValue() + of
                        + (told.getFinal$() ? ", final" : "") + place(placed));
    }

    private static Line outcome(Placed<Outcome> placed) {
        Outcome came = placed.value();
        return new Line(
                came.getTimeMicros(),
                1,
                "outcome of slot " + came.getSlot() + ": " + came.getKind() + what(came) + came.getReward()
                        + place(placed));
    }

    private static String what(Outcome came) {
        if (came.getReplaced() != null) {
            return " replaces its label " + came.getReplaced().getReward() + " by ";
        }
        return came.getClosed() ? " closes it with label " : ", reward so far ";
    }

    private void lines(List<Line> lines, long zero, String clock) {
        lines.sort(Comparator.comparingLong(Line::micros).thenComparingInt(Line::rank));
        lines.forEach(line ->
                line(String.format(Locale.ROOT, "%+.3f s%s", (line.micros() - zero) / 1e6, clock), line.text()));
    }

    private void example(Learned learned, List<Line> lines, List<Line> machines) {
        Example example = learned.example().value();
        long time = began + example.getLabelDelayMicros();
        String what = example.getKind() == ExampleKind.CORRECTION
                ? "correction of slot " + example.getSlot() + ": label " + example.getReplacedReward() + " becomes "
                : "example of slot " + example.getSlot() + ": label ";
        lines.add(new Line(
                time, 2, what + example.getReward() + ", weight " + example.getWeight() + place(learned.example())));
        if (learned.first().isEmpty()) {
            lines.add(new Line(time, 3, "  not in a published version yet"));
            return;
        }
        Version version = learned.first().get();
        machines.add(new Line(
                version.publishedMicros(),
                4,
                "version " + version.to() + " of lineage "
                        + version.lineage() + " is the first with offset "
                        + learned.example().offset() + " ("
                        + version.partition() + ", offset " + version.offset() + ")"));
        version.servedBy().ifPresent(served -> machines.add(served(served, version)));
    }

    private static Line served(ServedBy served, Version version) {
        return new Line(
                minted(served.decisionId(), served.timeMicros()),
                5,
                "decision " + served.decisionId() + " is the first by version " + version.to() + " or later: by "
                        + served.version());
    }

    private static String place(Placed<?> placed) {
        return " (" + placed.partition() + ", offset " + placed.offset() + ")";
    }

    private static String pairs(Map<String, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private void line(String time, String text) {
        out.append(String.format(Locale.ROOT, "  %-27s %s%n", time, text));
    }
}
