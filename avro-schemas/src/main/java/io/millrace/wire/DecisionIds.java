package io.millrace.wire;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Decision ids: UUIDv7 (RFC 9562), 48 bits of Unix milliseconds, 12 random bits, and 62 bits that are random too, or, where
 * the caller gave a request id, the low 62 bits of XXH3-64 of that id in UTF-8.
 *
 * <p>Those last 62 bits are the <b>join key</b> of a decision and of its feedback, so that feedback lands at the same key
 * whether it names our id or the caller's, without a look-up. Keys may collide: whoever joins compares whole ids within one.
 */
public final class DecisionIds {
    private static final long LOW_62 = (1L << 62) - 1;
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private static final int VERSION_AT = 14;
    private static final char VERSION = '7';
    /** RFC 9562 leaves version 8 to those who mint. */
    private static final char UNLOGGED = '8';

    private DecisionIds() {}

    /**
     * An id for a decision whose caller gave no request id.
     *
     * @param timeMillis milliseconds since 1970 UTC, at least 0 and less than 2^48
     * @param random 64 uniform random bits
     */
    public static String mint(long timeMillis, long random) {
        return Uuid7.of(timeMillis, mix(random), random);
    }

    /**
     * An id for the decision about a request.
     *
     * @param timeMillis milliseconds since 1970 UTC, at least 0 and less than 2^48
     * @param requestId the caller's own id
     * @param random 64 uniform random bits, which tell decisions about the same request apart
     */
    public static String mint(long timeMillis, String requestId, long random) {
        return Uuid7.of(timeMillis, mix(random), joinKeyOfRequest(requestId));
    }

    /**
     * What a decision is called that is known, when it is answered, to be in no log: its id, with version 8 in place of 7. So
     * whoever reads feedback for it knows, without any state, that there is nothing to wait for.
     *
     * @throws IllegalArgumentException if the text is no decision id
     */
    public static String unlogged(String decisionId) {
        check(decisionId);
        return decisionId.substring(0, VERSION_AT) + UNLOGGED + decisionId.substring(VERSION_AT + 1);
    }

    /** Whether a text is the id of a decision that was not logged. */
    public static boolean isUnlogged(String text) {
        return text.length() > VERSION_AT
                && text.charAt(VERSION_AT) == UNLOGGED
                && isDecisionId(text.substring(0, VERSION_AT) + VERSION + text.substring(VERSION_AT + 1));
    }

    /** The key of a decision; of a text that is no decision id, the key that it would have as a request id. */
    public static long joinKey(String decisionId) {
        return isDecisionId(decisionId)
                ? UUID.fromString(decisionId).getLeastSignificantBits() & LOW_62
                : joinKeyOfRequest(decisionId);
    }

    /** The key of the decisions about a request. */
    public static long joinKeyOfRequest(String requestId) {
        return Hashing.xxh3_64().hashBytesToLong(requestId.getBytes(StandardCharsets.UTF_8)) & LOW_62;
    }

    /**
     * When the id was minted, in milliseconds since 1970 UTC.
     *
     * @throws IllegalArgumentException if the text is no decision id
     */
    public static long timeMillis(String decisionId) {
        check(decisionId);
        return UUID.fromString(decisionId).getMostSignificantBits() >>> 16;
    }

    /** Whether the text is a UUIDv7 in its canonical form: 36 characters, lower case. */
    public static boolean isDecisionId(String text) {
        return CANONICAL.matcher(text).matches();
    }

    private static void check(String decisionId) {
        if (!isDecisionId(decisionId)) {
            throw new IllegalArgumentException(
                    new Problem("decision id", decisionId, "a UUIDv7 in lower case").toString());
        }
    }

    /** MurmurHash3's finalizer: the 12 bits stay independent of the 62 although both come from the same draw. */
    private static long mix(long random) {
        long h = (random ^ random >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
