package io.millrace.features.aggregate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.memory.Memory;
import org.jspecify.annotations.Nullable;

/**
 * How many different categories: exact up to {@value #EXACT}, beyond that a HyperLogLog sketch of 2^{@value #LG_REGISTERS}
 * registers, whose standard error is 2.3 %, in 2 KB (Flajolet et al., "HyperLogLog", AofA 2007).
 *
 * <p>The sketch is kept as the union it is, with the estimator that needs its registers only, and the estimator's memory of the
 * order of arrivals is left out of the bytes: so the state is a function of the set, however it came about.
 */
final class Distinct implements Partial {
    static final int EXACT = 256;
    static final int LG_REGISTERS = 11;
    private static final int MEMORY = 40;
    private static final int SKETCH_MEMORY = 3 << LG_REGISTERS;
    private static final int HIP_FROM = 8;
    private static final int HIP_TO = 16;
    private static final byte FEW = 0;
    private static final byte SKETCH = 1;

    private long[] few = {};
    private @Nullable Union union;

    @Override
    public void add(Observation observation) {
        add(observation.category());
    }

    private void add(long category) {
        if (union != null) {
            union.update(category);
            return;
        }
        int found = Arrays.binarySearch(few, category);
        if (found >= 0) {
            return;
        }
        if (few.length == EXACT) {
            sketch().update(category);
            return;
        }
        int at = -found - 1;
        long[] more = Arrays.copyOf(few, few.length + 1);
        System.arraycopy(few, at, more, at + 1, few.length - at);
        more[at] = category;
        few = more;
    }

    private Union sketch() {
        if (union == null) {
            union = new Union(LG_REGISTERS);
            for (long category : few) {
                union.update(category);
            }
            few = new long[0];
        }
        return union;
    }

    /** What it was once is not known any more: it keeps what was wrong. */
    @Override
    public boolean correct(Correction correction) {
        if (correction.right() != null) {
            add(correction.right());
        }
        return correction.wrong() == null;
    }

    @Override
    public void merge(Partial other) {
        Distinct distinct = (Distinct) other;
        if (distinct.union != null) {
            sketch().update(distinct.union.getResult(TgtHllType.HLL_8));
        } else {
            for (long category : distinct.few) {
                add(category);
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return union == null && few.length == 0;
    }

    @Override
    public void write(StateOutput out) {
        if (union == null) {
            out.putByte(FEW).putInt(few.length);
            for (long category : few) {
                out.putLong(category);
            }
        } else {
            byte[] bytes = canonical(union).toUpdatableByteArray();
            Arrays.fill(bytes, HIP_FROM, HIP_TO, (byte) 0);
            out.putByte(SKETCH).putBytes(bytes);
        }
    }

    /** As a union with itself: after one, a sketch knows of no order, and what it derives from its registers is up to date. */
    private static HllSketch canonical(Union union) {
        HllSketch sketch = union.getResult(TgtHllType.HLL_8);
        Union whole = new Union(LG_REGISTERS);
        whole.update(sketch);
        whole.update(sketch);
        return whole.getResult(TgtHllType.HLL_8);
    }

    @Override
    public void read(ByteBuffer in) {
        if (in.get() == FEW) {
            few = new long[in.getInt()];
            for (int i = 0; i < few.length; i++) {
                few[i] = in.getLong();
            }
        } else {
            union = new Union(LG_REGISTERS);
            union.update(HllSketch.heapify(Memory.wrap(StateOutput.getBytes(in))));
        }
    }

    @Override
    public int memory() {
        return MEMORY + (union == null ? Long.BYTES * few.length : SKETCH_MEMORY);
    }

    @Override
    public Summary summary(long timeMicros) {
        return Summary.of(union == null ? few.length : union.getCompositeEstimate());
    }
}
