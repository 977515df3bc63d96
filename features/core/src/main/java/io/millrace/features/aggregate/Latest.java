package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The latest few, by time, then by id and category, whatever the order in which they come. Where one is taken back, those that it had
 * pushed out do not come back.
 */
final class Latest implements Partial {
    private static final int MEMORY = 40;
    private static final int OBSERVATION = 64;
    private static final int LONGS = 4;

    private final int most;
    private final boolean isCategory;
    /** Oldest first. */
    private Observation[] latest = {};

    /**
     * @param isCategory whether the summary is their categories, or else their numbers
     */
    Latest(int most, boolean isCategory) {
        this.most = most;
        this.isCategory = isCategory;
    }

    @Override
    public void add(Observation observation) {
        int at = latest.length;
        while (at > 0 && isBefore(observation, latest[at - 1])) {
            at--;
        }
        if (at > 0 && !isBefore(latest[at - 1], observation)) {
            return;
        }
        Observation[] more = Arrays.copyOf(latest, latest.length + 1);
        System.arraycopy(latest, at, more, at + 1, latest.length - at);
        more[at] = observation;
        latest = more.length > most ? Arrays.copyOfRange(more, 1, more.length) : more;
    }

    @Override
    public boolean correct(Correction correction) {
        @Nullable Observation wrong = correction.wrong();
        if (wrong != null) {
            latest = Arrays.stream(latest)
                    .filter(one -> isBefore(one, wrong) || isBefore(wrong, one))
                    .toArray(Observation[]::new);
        }
        if (correction.right() != null) {
            add(correction.right());
        }
        return true;
    }

    private static boolean isBefore(Observation one, Observation other) {
        if (one.timeMicros() != other.timeMicros()) {
            return one.timeMicros() < other.timeMicros();
        }
        if (one.id() != other.id()) {
            return one.id() < other.id();
        }
        return one.category() < other.category();
    }

    @Override
    public void merge(Partial other) {
        for (Observation observation : ((Latest) other).latest) {
            add(observation);
        }
    }

    @Override
    public boolean isEmpty() {
        return latest.length == 0;
    }

    @Override
    public void write(StateOutput out) {
        out.putInt(latest.length);
        for (Observation one : latest) {
            out.putLong(one.timeMicros())
                    .putLong(one.id())
                    .putDouble(one.number())
                    .putLong(one.category());
        }
    }

    @Override
    public void read(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining() / (LONGS * Long.BYTES)) {
            throw new IllegalArgumentException("latest: " + length + " (expected: at most what the state holds)");
        }
        latest = new Observation[length];
        for (int i = 0; i < latest.length; i++) {
            latest[i] = new Observation(in.getLong(), in.getLong(), in.getDouble(), 0, in.getLong());
        }
    }

    @Override
    public int memory() {
        return MEMORY + latest.length * OBSERVATION;
    }

    @Override
    public Summary summary(long timeMicros) {
        return isCategory
                ? Summary.of(
                        Arrays.stream(latest).mapToLong(Observation::category).toArray())
                : Summary.of(latest[latest.length - 1].number());
    }
}
