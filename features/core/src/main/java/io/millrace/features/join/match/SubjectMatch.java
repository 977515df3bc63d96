package io.millrace.features.join.match;

import io.millrace.features.join.Place;
import io.millrace.features.join.state.MatchState;
import io.millrace.features.join.state.ShownItem;
import io.millrace.features.join.state.UnnamedFeedback;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.record.Feedback;
import io.millrace.wire.Codec;
import io.millrace.wire.Problem;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the decision of feedback that names only a subject and an item: the last one that had shown the item to the subject by
 * the feedback's time, and no longer before than the window.
 *
 * <p><b>The last</b> is the last of those that have arrived. While event time is within the patience of the feedback's time, as it
 * always is in a live stream, it is matched at once if such a decision is there. Further behind, as in a backlog, of which one
 * topic may be read before the other, it waits for event time, so that it is not taken for an earlier decision only since
 * that was read first. What has no decision then waits for one for the window, from its own time on, or from the event time at
 * which it is read, if that is later.
 *
 * <p>Where decisions about several requests come into question, the last one counts, and it is counted that there were several. A
 * repeated feedback id is dropped here already, since a decision may have come in between that its repeat would be
 * taken for.
 *
 * <p>Each call is given the state of one key (see {@link MatchKeys}) and returns the new one, null where nothing is left to keep.
 * Decisions are kept for {@code late}, as the join keeps them, but of one subject and item at most {@link #MOST}: the oldest
 * is forgotten, and feedback that only it would have fitted finds none. State is bytes in Avro's single-object encoding, so
 * that it outlives upgrades.
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class SubjectMatch {
    /** Decisions, and ids of feedback, that are remembered of one subject and item. */
    public static final int MOST = 256;

    private static final int SHOWN = 60;
    private static final Comparator<ShownItem> LAST =
            Comparator.comparing(ShownItem::getTimeMicros).thenComparing(ShownItem::getDecisionId);

    private final FeedbackSpec spec;
    private final long window;
    private final long late;
    private final long patience;
    private final Codec<MatchState> codec = Codec.of(MatchState.class);
    private final Codec<Feedback> feedbacks = Codec.of(Feedback.class);

    /** @param patience how far event time may be behind a live stream */
    public SubjectMatch(FeedbackSpec spec, Duration patience) {
        this.spec = spec;
        this.window = TimeUnit.MICROSECONDS.convert(spec.window());
        this.late = TimeUnit.MICROSECONDS.convert(spec.late());
        this.patience = TimeUnit.MICROSECONDS.convert(patience);
    }

    /**
     * Takes what a decision has shown.
     *
     * @param watermarkMicros the event time reached
     */
    public byte @Nullable [] onShown(byte @Nullable [] state, ShownItem shown, long watermarkMicros, MatchOutput out) {
        if (plus(shown.getTimeMicros(), late) <= watermarkMicros) {
            return state;
        }
        MatchState match = read(state);
        if (match.getShown().stream()
                .anyMatch(other -> other.getDecisionId().equals(shown.getDecisionId()) && isSame(other, shown))) {
            return state;
        }
        long asked = next(match, watermarkMicros);
        match.getShown().add(shown);
        match.getShown().sort(LAST);
        if (match.getShown().size() > MOST) {
            match.getShown().remove(0);
            out.count(MatchCount.CROWDED_OUT);
        }
        settle(match, watermarkMicros, out);
        return written(match, asked, watermarkMicros, out);
    }

    /**
     * Takes feedback that names no decision.
     *
     * @param watermarkMicros the event time reached
     */
    public byte @Nullable [] onFeedback(
            byte @Nullable [] state, Feedback feedback, Place place, long watermarkMicros, MatchOutput out) {
        if (feedback.getItem() == null) {
            out.count(MatchCount.WITHOUT_ITEM);
            out.deadLetter(place, feedbacks.encode(feedback), withoutItem(feedback));
            return state;
        }
        MatchState match = read(state);
        if (match.getSeen().contains(feedback.getId())) {
            out.count(MatchCount.REPEATED);
            return state;
        }
        long asked = next(match, watermarkMicros);
        long time = feedback.getTimeMicros();
        match.getSeen().add(feedback.getId());
        if (match.getSeen().size() > 2 * MOST) {
            match.getSeen().remove(0);
        }
        UnnamedFeedback arrived = new UnnamedFeedback(
                time,
                ByteBuffer.wrap(feedbacks.encode(feedback)),
                place.partition(),
                place.offset(),
                watermarkMicros > time ? watermarkMicros : null);
        boolean isSettled = isSettled(match, arrived, watermarkMicros, out);
        if (!isSettled && match.getWaiting().size() >= MOST) {
            out.count(MatchCount.EXCESSIVE);
            out.deadLetter(place, feedbacks.encode(feedback), excessive(feedback));
        } else if (!isSettled) {
            out.count(MatchCount.EARLY);
            match.getWaiting().add(arrived);
        }
        return written(match, asked, watermarkMicros, out);
    }

    /**
     * Matches what has waited for event time to come so far, and gives up on what has waited long enough.
     *
     * @param timeMicros the event time reached
     */
    public byte @Nullable [] onTime(byte @Nullable [] state, long timeMicros, MatchOutput out) {
        if (state == null) {
            return null;
        }
        MatchState match = read(state);
        settle(match, timeMicros, out);
        for (UnnamedFeedback overdue : match.getWaiting()) {
            if (deadline(overdue) <= timeMicros) {
                out.count(MatchCount.UNMATCHED);
                out.deadLetter(place(overdue), bytes(overdue), unmatched(feedbacks.decode(bytes(overdue))));
            }
        }
        match.getWaiting().removeIf(waiting -> deadline(waiting) <= timeMicros);
        match.getShown().removeIf(shown -> plus(shown.getTimeMicros(), late) <= timeMicros);
        return written(match, timeMicros, timeMicros, out);
    }

    private void settle(MatchState match, long watermarkMicros, MatchOutput out) {
        match.getWaiting().removeIf(waiting -> isSettled(match, waiting, watermarkMicros, out));
    }

    private boolean isSettled(MatchState match, UnnamedFeedback waiting, long watermarkMicros, MatchOutput out) {
        if (watermarkMicros < settles(waiting)) {
            return false;
        }
        Feedback feedback = feedbacks.decode(bytes(waiting));
        List<ShownItem> fitting =
                match.getShown().stream().filter(shown -> fits(shown, feedback)).toList();
        if (fitting.isEmpty()) {
            return false;
        }
        ShownItem last = fitting.get(fitting.size() - 1);
        out.count(MatchCount.MATCHED);
        if (fitting.stream().anyMatch(other -> other != last && !isSameRequest(other, last))) {
            out.count(MatchCount.AMBIGUOUS);
        }
        feedback.setDecisionId(last.getDecisionId());
        out.matched(feedback, place(waiting));
        return true;
    }

    private boolean fits(ShownItem shown, Feedback feedback) {
        return shown.getSubject().equals(feedback.getSubject())
                && shown.getItem().equals(feedback.getItem())
                && shown.getTimeMicros() <= feedback.getTimeMicros()
                && plus(shown.getTimeMicros(), window) >= feedback.getTimeMicros();
    }

    private static boolean isSame(ShownItem one, ShownItem other) {
        return one.getSubject().equals(other.getSubject()) && one.getItem().equals(other.getItem());
    }

    private static boolean isSameRequest(ShownItem one, ShownItem other) {
        return one.getRequestId() != null && Objects.equals(one.getRequestId(), other.getRequestId());
    }

    /** The event time from which on no decision is expected that is not there. */
    private long settles(UnnamedFeedback waiting) {
        long time = waiting.getTimeMicros();
        return time - patience > time ? Long.MIN_VALUE : time - patience;
    }

    private long deadline(UnnamedFeedback waiting) {
        Long reached = waiting.getReachedMicros();
        return plus(reached == null ? waiting.getTimeMicros() : reached, window);
    }

    /** The next event time at which something happens to this key, after that which was reached. */
    private long next(MatchState match, long reachedMicros) {
        long waiting = match.getWaiting().stream()
                .mapToLong(each -> settles(each) > reachedMicros ? settles(each) : deadline(each))
                .min()
                .orElse(Long.MAX_VALUE);
        long shown = match.getShown().isEmpty()
                ? Long.MAX_VALUE
                : plus(match.getShown().get(0).getTimeMicros(), late);
        return Math.min(waiting, shown);
    }

    private MatchState read(byte @Nullable [] state) {
        if (state == null) {
            return new MatchState(new ArrayList<>(1), new ArrayList<>(1), new ArrayList<>(1));
        }
        MatchState match = codec.decode(state);
        // The arrays that Avro reads into do not let their elements be removed by a condition.
        match.setShown(new ArrayList<>(match.getShown()));
        match.setWaiting(new ArrayList<>(match.getWaiting()));
        match.setSeen(new ArrayList<>(match.getSeen()));
        return match;
    }

    /** @param asked the time that was asked for before; asking is not free */
    private byte @Nullable [] written(MatchState match, long asked, long reachedMicros, MatchOutput out) {
        if (match.getShown().isEmpty() && match.getWaiting().isEmpty()) {
            return null;
        }
        long next = next(match, reachedMicros);
        if (next != asked) {
            out.wakeAt(next);
        }
        return codec.encode(match);
    }

    private String unmatched(Feedback feedback) {
        return "feedback %s: item %s for %s unknown (expected: a decision that showed it to that subject at most %s before, the window, and that arrives within that time)"
                .formatted(
                        shortened(feedback.getId()),
                        shortened(feedback.getItem()),
                        shortened(feedback.getSubject()),
                        spec.window());
    }

    private static String excessive(Feedback feedback) {
        return new Problem(
                        "feedback " + feedback.getId(),
                        "more than " + MOST + " wait for a decision that shows this item to this subject",
                        "at most so many")
                .toString();
    }

    private static String withoutItem(Feedback feedback) {
        return Problem.missing(
                        "feedback " + shortened(feedback.getId()) + ": item",
                        "the item, where a subject is named and no decision")
                .toString();
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    private static Place place(UnnamedFeedback waiting) {
        return new Place(waiting.getPartition(), waiting.getOffset());
    }

    private static byte[] bytes(UnnamedFeedback waiting) {
        ByteBuffer buffer = waiting.getBytes().duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Saturates, so that absurd times do no harm. */
    private static long plus(long time, long span) {
        long sum = time + span;
        return sum < time ? Long.MAX_VALUE : sum;
    }
}
