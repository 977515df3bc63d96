package io.millrace.trainer.ids;

import io.millrace.trainer.parameters.ParameterTable;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowKey;

/**
 * Goes round the table like the hand of a clock, a few slots an example, and takes out ids that were away for too long; and where
 * the table is full at its bound, ids that are worth least: of the next eight it meets, one without a weight if there is any,
 * and among equals the one that did not occur for longest. (The least recently used of a sample is close to that of
 * all, and needs no list of them.) The slot at which it stands is kept in the row of the constant.
 */
final class Hand {
    private static final int SLOTS_AN_EXAMPLE = 16;
    private static final int SAMPLE = 8;

    private final IdTable ids;
    private final EventClock clock;
    private final int admit;
    private final ParameterTable table;
    private final int row;
    private final int column;
    private int slot;

    Hand(IdTable ids, EventClock clock, int admit, Layout layout, ParameterTable table) {
        this.ids = ids;
        this.clock = clock;
        this.admit = admit;
        this.table = table;
        this.row = layout.constant();
        this.column = layout.own() + RowKey.SERVED;
    }

    /** Looks at some slots for each of so many examples. */
    void sweep(int examples, int now) {
        if (clock.forgetTicks() == 0) {
            return;
        }
        int mask = ids.slots() - 1;
        int at = slot;
        for (int left = Math.min(examples * SLOTS_AN_EXAMPLE, ids.slots()); left > 0; left--) {
            if (ids.isTaken(ids.row(at)) && isOver(ids.seen(ids.row(at)), now)) {
                // What moves back into the gap is looked at next.
                ids.remove(at);
            } else {
                at = at + 1 & mask;
            }
        }
        moveTo(at);
    }

    /** What was placed and never counted is left over from a mini-batch that was never learned. */
    private boolean isOver(int seen, int now) {
        return seen < 0 || clock.isExpired(seen, now);
    }

    /** Takes one id out; there is at least one. */
    void evict() {
        int mask = ids.slots() - 1;
        int at = slot;
        int worst = -1;
        long least = Long.MAX_VALUE;
        int met = 0;
        for (int passed = 0; passed <= mask && met < SAMPLE; passed++) {
            if (ids.isTaken(ids.row(at))) {
                long worth = worth(ids.row(at));
                if (worth < least) {
                    least = worth;
                    worst = at;
                }
                met++;
            }
            at = at + 1 & mask;
        }
        ids.remove(worst);
        moveTo(at);
    }

    private long worth(int id) {
        return (ids.count(id) < admit ? 0 : 1L << Integer.SIZE) + ids.seen(id);
    }

    private void moveTo(int to) {
        if (to != slot) {
            slot = to;
            table.put(row, column, RowKey.pack(to));
        }
    }

    /** Stands where it stood, in a table of twice as many slots. */
    void doubled() {
        moveTo(slot * 2);
    }

    void restored() {
        slot = Math.max(0, RowKey.unpack(table.get(row, column)));
    }
}
