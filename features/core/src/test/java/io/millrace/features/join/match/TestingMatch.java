package io.millrace.features.join.match;

import io.millrace.features.join.Place;
import io.millrace.features.join.state.ShownItem;
import io.millrace.record.Decision;
import io.millrace.record.Feedback;
import io.millrace.record.Slot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Drives a match of many keys as a job does: state as bytes, timers in order of time. Keeps all that was written. */
final class TestingMatch {
    /** Feedback and its decision, in the order in which they were found: {@code f1=d1}. */
    final List<String> matched = new ArrayList<>();

    /** Ids of feedback of which dead letters were made. */
    final List<Long> dead = new ArrayList<>();

    final List<String> reasons = new ArrayList<>();
    final Map<MatchCount, Integer> counts = new EnumMap<>(MatchCount.class);

    private final SubjectMatch match;
    private final Map<Long, byte[]> states = new HashMap<>();
    private final TreeMap<Long, TreeSet<Long>> timers = new TreeMap<>();
    private long watermark = Long.MIN_VALUE;

    TestingMatch(SubjectMatch match) {
        this.match = match;
    }

    TestingMatch decision(Decision decision) {
        for (ShownItem shown : MatchKeys.shown(decision)) {
            long key = MatchKeys.key(shown);
            keep(key, match.onShown(states.get(key), shown, watermark, output(key)));
        }
        return this;
    }

    TestingMatch feedback(Feedback feedback, long offset) {
        long key = MatchKeys.key(feedback);
        keep(key, match.onFeedback(states.get(key), feedback, new Place(0, offset), watermark, output(key)));
        return this;
    }

    /** Lets event time advance as timers would. */
    TestingMatch time(long micros) {
        watermark = micros;
        while (!timers.isEmpty() && timers.firstKey() <= micros) {
            Map.Entry<Long, TreeSet<Long>> due = timers.pollFirstEntry();
            due.getValue().forEach(key -> keep(key, match.onTime(states.get(key), due.getKey(), output(key))));
        }
        return this;
    }

    int keys() {
        return states.size();
    }

    int count(MatchCount what) {
        return counts.getOrDefault(what, 0);
    }

    static Decision decision(String id, String requestId, String subject, long timeMicros, String... items) {
        return Decision.newBuilder()
                .setId(id)
                .setRequestId(requestId)
                .setSubject(subject)
                .setTimeMicros(timeMicros)
                .setFeatureSet("movies")
                .setFeatureSetVersion(7)
                .setShared(ByteBuffer.allocate(0))
                .setArm("learned")
                .setExplored(false)
                .setSlate(Stream.of(items)
                        .map(item -> new Slot(item, ByteBuffer.allocate(0), 0f, 1.0, 1.0))
                        .toList())
                .setCandidates(items.length)
                .setPolicy("greedy")
                .build();
    }

    static Feedback feedback(String id, String subject, String item, long timeMicros) {
        return Feedback.newBuilder()
                .setId(id)
                .setSubject(subject)
                .setItem(item)
                .setKind("click")
                .setTimeMicros(timeMicros)
                .build();
    }

    private void keep(long key, byte[] state) {
        if (state == null) {
            states.remove(key);
        } else {
            states.put(key, state);
        }
    }

    private MatchOutput output(long key) {
        return new MatchOutput() {
            @Override
            public void matched(Feedback feedback, Place place) {
                matched.add(feedback.getId() + "=" + feedback.getDecisionId());
            }

            @Override
            public void deadLetter(Place place, byte[] bytes, String reason) {
                dead.add(place.offset());
                reasons.add(reason);
            }

            @Override
            public void wakeAt(long timeMicros) {
                timers.computeIfAbsent(timeMicros, absent -> new TreeSet<>()).add(key);
            }

            @Override
            public void count(MatchCount what) {
                counts.merge(what, 1, Integer::sum);
            }
        };
    }
}
