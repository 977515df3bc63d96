package io.millrace.features.join;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.features.spec.SampleSpec;
import java.nio.charset.StandardCharsets;

/**
 * Which labels become examples, and with which weight.
 *
 * <p>A label of 0 becomes one if the slot's draw is below the rate r, with weight 1/r: in the mean it weighs 1, like any
 * other. The draw is a hash, XXH3-64 of the decision's id, a slash and the slot in UTF-8, seeded, its upper 53 bits as a
 * fraction: whoever draws again draws the same, and no arrival order, task or restart has a say.
 *
 * <p><b>Corrections keep the weight of the first label.</b> Say a slot was labelled 0, and is now to be b. Were the weights w
 * for a slot that was kept and v for one that was dropped, then b would weigh r w + (1 - r) v in the mean, which must be 1; and
 * of the 0, r (1/r - w) would be left, since a correction takes back as much as it brings, which must be nothing. So w = 1/r
 * and v = 0: what was dropped stays dropped. A label that was written with weight 1 and becomes 0 is corrected with weight 1.
 */
final class Sample {
    private static final double UNIT = 0x1p-53;

    private final double rate;
    private final Hasher64 hasher;

    Sample(SampleSpec spec) {
        this.rate = spec.negatives();
        this.hasher = Hashing.xxh3_64(spec.seed());
    }

    /** The weight of a slot whose first label this is; 0 where it is dropped. */
    double weight(String decisionId, int slot, double label) {
        if (label != 0 || rate == 1) {
            return 1;
        }
        return draw(decisionId, slot) < rate ? 1 / rate : 0;
    }

    /** From 0 to 1, 1 excluded. */
    double draw(String decisionId, int slot) {
        byte[] name = (decisionId + "/" + slot).getBytes(StandardCharsets.UTF_8);
        return (hasher.hashBytesToLong(name) >>> 11) * UNIT;
    }
}
