package io.millrace.serving.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random draws of decisions: each is HMAC-SHA256(secret, decision id, 0, purpose), so that a decision replayed is the
 * same decision, whoever does not know the secret can neither choose nor foresee a draw, and draws for different purposes
 * are independent of each other.
 *
 * <p>Not thread-safe: one instance a thread.
 */
public final class Draws {
    /** The least number of bytes of a secret. */
    public static final int MIN_SECRET_BYTES = 16;

    private static final double UNIT = 0x1.0p-53;
    private static final String ALGORITHM = "HmacSHA256";

    /** What a draw is for. */
    enum Purpose {
        ARM,
        EXPLORE,
        CONTROL_ORDER,
        EXPLORE_ORDER,
        LEARNED_TIES,
        POPULARITY_TIES,
        UNSHOWN;

        private final byte[] bytes = name().getBytes(StandardCharsets.US_ASCII);
    }

    private final Mac mac;

    /**
     * @throws IllegalArgumentException if the secret is shorter than {@value #MIN_SECRET_BYTES} bytes
     */
    public Draws(byte[] secret) {
        check(secret);
        try {
            this.mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + ": not offered by this JVM", e);
        }
    }

    /**
     * @throws IllegalArgumentException if the secret is too short
     */
    public static void check(byte[] secret) {
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "secret: " + secret.length + " bytes (expected: at least " + MIN_SECRET_BYTES + ")");
        }
    }

    /** Uniform in [0, 1). */
    double uniform(String decisionId, Purpose purpose) {
        return (digest(decisionId, purpose).getLong() >>> 11) * UNIT;
    }

    /**
     * Which of a decision's candidates would be logged if they are not shown: each with that probability, independently of the
     * others and of what is shown.
     */
    public BitSet unshown(String decisionId, int candidates, double rate) {
        BitSet logged = new BitSet(candidates);
        if (rate >= 1) {
            logged.set(0, candidates);
        } else if (rate > 0) {
            RandomStream stream = stream(decisionId, Purpose.UNSHOWN);
            for (int i = 0; i < candidates; i++) {
                logged.set(i, stream.nextDouble() < rate);
            }
        }
        return logged;
    }

    /** A stream of random numbers. */
    RandomStream stream(String decisionId, Purpose purpose) {
        ByteBuffer digest = digest(decisionId, purpose);
        return new RandomStream(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    private ByteBuffer digest(String decisionId, Purpose purpose) {
        mac.update(decisionId.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return ByteBuffer.wrap(mac.doFinal(purpose.bytes));
    }
}
