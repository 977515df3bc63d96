package io.millrace.features.join;

import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.LabelTiming;
import io.millrace.features.spec.Take;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The join as one would explain it: everything is remembered, and time is tried microsecond by microsecond. */
final class NaiveJoin {
    private static final class Shown {
        Decision decision;
        String key;
        double[] reward;
        List<List<Feedback>> told = new ArrayList<>();
        Double[] label;
        long[] closed;
        double[] weight;
        boolean fed;
        boolean named;
        boolean open = true;
        boolean superseded;
        boolean forgotten;

        boolean labelled() {
            for (Double one : label) {
                if (one != null) {
                    return true;
                }
            }
            return false;
        }

        int standing() {
            return named ? 2 : fed || labelled() ? 1 : 0;
        }
    }

    private record Told(Feedback feedback, String key, long offset, long read) {}

    final Map<String, List<String>> lines = new TreeMap<>();
    private final FeedbackSpec spec;
    private final Sample draws;
    private final long window;
    private final long late;
    private final List<Shown> all = new ArrayList<>();
    private final List<Told> waiting = new ArrayList<>();
    private final Map<String, Set<String>> seen = new HashMap<>();
    private long watermark = -1;
    private long offset;

    NaiveJoin(FeedbackSpec spec) {
        this.spec = spec;
        this.draws = new Sample(spec.sample());
        this.window = spec.window().toNanos() / 1000;
        this.late = spec.late().toNanos() / 1000;
    }

    void decision(String key, Decision decision) {
        long at = offset++;
        if (decision.getTimeMicros() + late <= watermark) {
            write(key, "dead DECISIONS at " + at);
            return;
        }
        if (all.stream()
                .anyMatch(shown -> !shown.forgotten && shown.decision.getId().equals(decision.getId()))) {
            return;
        }
        Shown shown = new Shown();
        shown.decision = decision;
        shown.key = key;
        shown.reward = new double[decision.getSlate().size()];
        shown.label = new Double[decision.getSlate().size()];
        shown.closed = new long[decision.getSlate().size()];
        shown.weight = new double[decision.getSlate().size()];
        decision.getSlate().forEach(slot -> shown.told.add(new ArrayList<>()));
        all.add(shown);
        retry(key);
    }

    void feedback(String key, Feedback feedback) {
        Told told = new Told(feedback, key, offset++, watermark);
        if (!seen.computeIfAbsent(key, absent -> new HashSet<>()).add(feedback.getId())) {
            return;
        }
        if (taken(told)) {
            retry(key);
        } else {
            waiting.add(told);
        }
    }

    void time(long micros) {
        watermark = micros;
        for (long t = 0; t <= micros; t++) {
            long now = t;
            all.stream()
                    .filter(shown -> shown.open && shown.decision.getTimeMicros() + window <= now)
                    .sorted(Comparator.comparing((Shown shown) -> shown.decision.getTimeMicros())
                            .thenComparing(shown -> shown.decision.getId()))
                    .forEach(shown -> {
                        end(shown);
                        retry(shown.key);
                    });
            for (Told told : List.copyOf(waiting)) {
                if (Math.max(told.feedback.getTimeMicros(), told.read) + window <= now) {
                    waiting.remove(told);
                    write(told.key, "dead FEEDBACK at " + told.offset);
                }
            }
            for (Shown shown : all) {
                boolean needed =
                        all.stream().anyMatch(other -> other != shown && other.open && sameRequest(shown, other));
                if (!shown.open && !needed && shown.decision.getTimeMicros() + late <= now) {
                    shown.forgotten = true;
                }
            }
        }
        seen.keySet()
                .removeIf(key -> all.stream().noneMatch(shown -> !shown.forgotten && shown.key.equals(key))
                        && waiting.stream().noneMatch(told -> told.key.equals(key)));
    }

    private void end(Shown shown) {
        shown.open = false;
        for (Shown other : all) {
            boolean rival = other != shown && !other.superseded && !other.forgotten && sameRequest(shown, other);
            boolean later = other.decision.getTimeMicros() > shown.decision.getTimeMicros()
                    || other.decision.getTimeMicros() == shown.decision.getTimeMicros()
                            && other.decision.getId().compareTo(shown.decision.getId()) > 0;
            if (rival
                    && (other.standing() > shown.standing()
                            || other.standing() == 0 && shown.standing() == 0 && later)) {
                shown.superseded = true;
                return;
            }
        }
        label(shown);
    }

    private void label(Shown shown) {
        for (int slot = 0; slot < shown.label.length; slot++) {
            boolean seen =
                    spec.labels().shown() == null || !shown.told.get(slot).isEmpty();
            if (shown.label[slot] == null && seen) {
                original(shown, slot, window);
                String id = shown.decision.getId() + "/" + slot;
                write(shown.key, outcome(shown, slot, id, "window", true, null));
            }
        }
    }

    private void retry(String key) {
        for (Told told : List.copyOf(waiting)) {
            if (told.key.equals(key) && taken(told)) {
                waiting.remove(told);
            }
        }
    }

    private boolean taken(Told told) {
        Feedback feedback = told.feedback;
        Shown shown = named(told);
        if (shown == null) {
            return false;
        }
        long delay = feedback.getTimeMicros() - shown.decision.getTimeMicros();
        List<Integer> slots = slots(feedback, shown.decision);
        if (slots.isEmpty() || delay > late) {
            write(told.key, "dead FEEDBACK at " + told.offset);
            return true;
        }
        shown.named |= feedback.getDecisionId() != null;
        shown.fed = true;
        if (shown.superseded) {
            shown.superseded = false;
            label(shown);
        }
        if (shown.open && delay > window && slots.stream().anyMatch(slot -> shown.label[slot] == null)) {
            return false;
        }
        for (int slot : slots) {
            take(shown, slot, told);
        }
        return true;
    }

    private void take(Shown shown, int slot, Told told) {
        Feedback feedback = told.feedback;
        long delay = feedback.getTimeMicros() - shown.decision.getTimeMicros();
        shown.told.get(slot).add(feedback);
        shown.reward[slot] = reward(shown.told.get(slot));
        boolean closes = false;
        Double replaced = null;
        if (shown.label[slot] == null) {
            closes = feedback.getFinal$()
                    || spec.finalKinds().contains(feedback.getKind())
                    || !shown.open
                    || spec.labels().timing() == LabelTiming.IMMEDIATE && shown.reward[slot] != 0;
            if (closes) {
                original(shown, slot, delay);
                shown.open = shown.open && Arrays.stream(shown.label).anyMatch(Objects::isNull);
            }
        } else if (shown.label[slot] != shown.reward[slot]) {
            replaced = shown.label[slot];
            example(shown, slot, "CORRECTION", replaced, delay);
            shown.label[slot] = shown.reward[slot];
        }
        boolean first = slot == 0 || feedback.getSlot() != null || feedback.getItem() != null;
        String id = first ? feedback.getId() : feedback.getId() + "/" + slot;
        write(told.key, outcome(shown, slot, id, feedback.getKind(), closes, replaced));
    }

    /** All that was told about a slot, kind by kind. */
    private double reward(List<Feedback> told) {
        List<double[]> parts = new ArrayList<>();
        for (String kind : new TreeSet<>(spec.reward().keySet())) {
            List<Feedback> ofKind =
                    told.stream().filter(one -> one.getKind().equals(kind)).toList();
            if (!ofKind.isEmpty()) {
                parts.add(chosen(spec.labels().take(kind), ofKind, kind));
            }
        }
        if (parts.isEmpty()) {
            return 0;
        }
        return switch (spec.labels().combine()) {
            case SUM -> parts.stream().mapToDouble(part -> part[0]).sum();
            case MAX -> parts.stream().mapToDouble(part -> part[0]).max().orElseThrow();
            case FIRST -> Collections.min(parts, Comparator.comparingDouble(part -> part[1]))[0];
            case LAST -> Collections.max(parts, Comparator.comparingDouble(part -> part[1]))[0];
        };
    }

    /** The reward, and the rank in time of the feedback that it is from. */
    private double[] chosen(Take take, List<Feedback> ofKind, String kind) {
        double reward = spec.reward().get(kind);
        List<Feedback> inTime = new ArrayList<>(ofKind);
        inTime.sort(Comparator.comparingDouble(NaiveJoin::rank));
        Feedback first = inTime.get(0);
        Feedback last = inTime.get(inTime.size() - 1);
        return switch (take) {
            case SUM ->
                new double[] {
                    ofKind.stream().mapToDouble(one -> reward * one.getValue()).sum(), rank(last)
                };
            case FIRST -> new double[] {reward * first.getValue(), rank(first)};
            case LAST -> new double[] {reward * last.getValue(), rank(last)};
            case MAX ->
                inTime.stream()
                        .map(one -> new double[] {reward * one.getValue(), rank(one)})
                        .reduce((one, other) -> other[0] > one[0] ? other : one)
                        .orElseThrow();
        };
    }

    /** Time, then id: ids are f and a number. */
    private static double rank(Feedback feedback) {
        return feedback.getTimeMicros() + Integer.parseInt(feedback.getId().substring(1)) * 1e-6;
    }

    private Shown named(Told told) {
        Shown best = null;
        for (Shown shown : all) {
            if (shown.forgotten || !shown.key.equals(told.key)) {
                continue;
            }
            if (told.feedback.getDecisionId() != null) {
                if (told.feedback.getDecisionId().equals(shown.decision.getId())) {
                    return shown;
                }
            } else if (told.feedback.getRequestId().equals(shown.decision.getRequestId()) && !shown.superseded) {
                best = best == null || counts(shown, best) ? shown : best;
            }
        }
        return best;
    }

    private static boolean counts(Shown one, Shown other) {
        if (one.standing() != other.standing()) {
            return one.standing() > other.standing();
        }
        int time = Long.compare(one.decision.getTimeMicros(), other.decision.getTimeMicros());
        return time > 0 || time == 0 && one.decision.getId().compareTo(other.decision.getId()) > 0;
    }

    private List<Integer> slots(Feedback feedback, Decision decision) {
        boolean all = feedback.getKind().equals(spec.labels().shown())
                && feedback.getSlot() == null
                && feedback.getItem() == null;
        if (all) {
            return IntStream.range(0, decision.getSlate().size()).boxed().toList();
        }
        int slot = slot(feedback, decision);
        return slot < 0 ? List.of() : List.of(slot);
    }

    private static int slot(Feedback feedback, Decision decision) {
        int size = decision.getSlate().size();
        if (feedback.getSlot() != null) {
            boolean there = feedback.getSlot() >= 0 && feedback.getSlot() < size;
            boolean agrees = there
                    && (feedback.getItem() == null
                            || feedback.getItem()
                                    .equals(decision.getSlate()
                                            .get(feedback.getSlot())
                                            .getItem()));
            return agrees ? feedback.getSlot() : -1;
        }
        if (feedback.getItem() == null) {
            return size == 1 ? 0 : -1;
        }
        int found = -1;
        for (int i = 0; i < size; i++) {
            if (decision.getSlate().get(i).getItem().equals(feedback.getItem())) {
                found = found == -1 ? i : -2;
            }
        }
        return found;
    }

    private static boolean sameRequest(Shown one, Shown other) {
        return one.decision.getRequestId() != null
                && one.key.equals(other.key)
                && one.decision.getRequestId().equals(other.decision.getRequestId());
    }

    private void original(Shown shown, int slot, long delay) {
        shown.label[slot] = shown.reward[slot];
        shown.closed[slot] = shown.decision.getTimeMicros() + delay;
        double rate = spec.sample().negatives();
        boolean drawn = draws.draw(shown.decision.getId(), slot) < rate;
        shown.weight[slot] = shown.reward[slot] != 0 ? 1 : drawn ? 1 / rate : 0;
        example(shown, slot, "ORIGINAL", null, delay);
    }

    private void example(Shown shown, int slot, String kind, Double replaced, long delay) {
        if (shown.weight[slot] > 0) {
            write(
                    shown.key,
                    "%s %s/%d reward %s weight %s replaces %s after %d"
                            .formatted(
                                    kind,
                                    shown.decision.getId(),
                                    slot,
                                    shown.reward[slot],
                                    shown.weight[slot],
                                    replaced,
                                    delay));
        }
    }

    private static String outcome(Shown shown, int slot, String id, String kind, boolean closed, Double replaced) {
        String instead = replaced == null ? "" : " instead of %s at %d".formatted(replaced, shown.closed[slot]);
        return "outcome %s %s of %s/%d reward %s closed %s%s"
                .formatted(id, kind, shown.decision.getId(), slot, shown.reward[slot], closed, instead);
    }

    private void write(String key, String line) {
        lines.computeIfAbsent(key, absent -> new ArrayList<>()).add(line);
    }
}
