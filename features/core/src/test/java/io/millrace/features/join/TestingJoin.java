package io.millrace.features.join;

import io.millrace.features.join.state.JoinState;
import io.millrace.record.Decision;
import io.millrace.record.Example;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.wire.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Drives joins of many keys as a job does: state as bytes, timers in order of time. Keeps all that was written. */
final class TestingJoin {
    final List<Example> examples = new ArrayList<>();
    final List<Outcome> outcomes = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final Map<JoinCount, Integer> counts = new EnumMap<>(JoinCount.class);
    /** Everything that was written, as text, by key. */
    final Map<String, List<String>> lines = new TreeMap<>();

    private final DecisionJoin join;
    private final Map<String, byte[]> states = new HashMap<>();
    private final TreeMap<Long, TreeSet<String>> timers = new TreeMap<>();
    private long watermark = Long.MIN_VALUE;
    private long offset;

    TestingJoin(DecisionJoin join) {
        this.join = join;
    }

    TestingJoin decision(String key, Decision decision) {
        JoinState state = read(key);
        keep(key, state, join.onDecision(state, decision, new Place(0, offset++), watermark, output(key)));
        return this;
    }

    TestingJoin feedback(String key, Feedback feedback) {
        JoinState state = read(key);
        keep(key, state, join.onFeedback(state, feedback, new Place(0, offset++), watermark, output(key)));
        return this;
    }

    /** Lets event time advance as timers would. */
    TestingJoin time(long micros) {
        watermark = micros;
        while (!timers.isEmpty() && timers.firstKey() <= micros) {
            Map.Entry<Long, TreeSet<String>> due = timers.pollFirstEntry();
            due.getValue().forEach(key -> time(key, due.getKey()));
        }
        return this;
    }

    /** Lets event time advance in one step for each key that has a timer due. */
    TestingJoin jump(long micros) {
        watermark = micros;
        TreeSet<String> due = new TreeSet<>();
        timers.headMap(micros, true).values().forEach(due::addAll);
        timers.headMap(micros, true).clear();
        due.forEach(key -> time(key, micros));
        return this;
    }

    private void time(String key, long micros) {
        JoinState state = read(key);
        keep(key, state, join.onTime(state, micros, output(key)));
    }

    TestingJoin restore(String key, byte[] state) {
        keep(key, join.read(state), true);
        return this;
    }

    byte[] state(String key) {
        return states.get(key);
    }

    int keys() {
        return states.size();
    }

    int count(JoinCount what) {
        return counts.getOrDefault(what, 0);
    }

    /** Every call finds what was written after the one before: a restart each time. */
    private JoinState read(String key) {
        byte[] written = states.get(key);
        return written == null ? join.begin() : join.read(written);
    }

    private void keep(String key, JoinState state, boolean isChanged) {
        if (DecisionJoin.isEmpty(state)) {
            states.remove(key);
            return;
        }
        if (isChanged) {
            states.put(key, join.write(state));
        }
        timers.computeIfAbsent(join.next(state), absent -> new TreeSet<>()).add(key);
    }

    private JoinOutput output(String key) {
        List<String> written = lines.computeIfAbsent(key, absent -> new ArrayList<>());
        return new JoinOutput() {
            @Override
            public void example(Example example) {
                examples.add(example);
                written.add("%s %s/%d reward %s weight %s replaces %s after %d"
                        .formatted(
                                example.getKind(),
                                example.getDecisionId(),
                                example.getSlot(),
                                example.getReward(),
                                example.getWeight(),
                                example.getReplacedReward(),
                                example.getLabelDelayMicros()));
            }

            @Override
            public void outcome(Outcome outcome) {
                outcomes.add(outcome);
                ReplacedLabel replaced = outcome.getReplaced();
                String instead = replaced == null
                        ? ""
                        : " instead of %s at %d".formatted(replaced.getReward(), replaced.getTimeMicros());
                written.add("outcome %s %s of %s/%d reward %s closed %s%s"
                        .formatted(
                                outcome.getId(),
                                outcome.getKind(),
                                outcome.getDecisionId(),
                                outcome.getSlot(),
                                outcome.getReward(),
                                outcome.getClosed(),
                                instead));
            }

            @Override
            public void deadLetter(Topic source, Place place, byte[] bytes, String reason) {
                reasons.add(reason);
                written.add("dead " + source + " at " + place.offset());
            }

            @Override
            public void count(JoinCount what) {
                counts.merge(what, 1, Integer::sum);
            }
        };
    }
}
