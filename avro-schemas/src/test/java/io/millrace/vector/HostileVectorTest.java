package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.vector.TestingVectors.Content;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostileVectorTest {
    private static final FeatureSet SET = new FeatureSet(
            "hostile",
            List.of(new Feature("hour", FeatureKind.NUMERIC)),
            List.of(new Feature("genres", FeatureKind.CATEGORICAL_SET), new Feature("vector", FeatureKind.EMBEDDING)));

    /** Classes are loaded in the first rounds. */
    private static final long WARM = 1000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void refusesEveryTruncation() {
        byte[] packed = new FeatureVector(SET)
                .numeric(0, 1)
                .hashes(1, 1, 2)
                .embedding(2, 1, 2, 3)
                .pack();
        FeatureVector vector = new FeatureVector(SET);
        for (int length = 0; length < packed.length; length++) {
            byte[] shorter = Arrays.copyOf(packed, length);
            assertThatThrownBy(() -> vector.unpack(shorter)).isInstanceOf(MalformedVectorException.class);
            assertThat(vector.pack()).as("empty after a failure").containsOnly(0);
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused("", "feature vector: ends within the bitmap (expected: 1 bytes)");
        assertRefused("01000000", "feature hour: ends after 3 bytes (expected: 1 elements of 4 bytes)");
        assertRefused("010000c07f00", "feature hour: NaN (expected: a finite number)");
        assertRefused("0200", "feature vector: bits set beyond the last of 1 features (expected: a vector of hostile)");
        assertRefused("0001ffff03", "feature genres: ends after 0 bytes (expected: 65535 elements of 8 bytes)");
        assertRefused("0001808004", "feature genres: no element count (expected: a varint of at most 65535)");
        assertRefused("0001800001", "feature genres: no element count (expected: a varint of at most 65535)");
        assertRefused("00018000", "feature genres: no element count (expected: a varint of at most 65535)");
        assertThatThrownBy(() -> new FeatureVector(SET).unpack(new byte[] {0, 0, 0}))
                .isInstanceOf(MalformedVectorException.class)
                .hasMessageStartingWith("feature vector: 1 bytes left over (expected: 3 features of hostile@");
    }

    @Test
    void throwsNothingButMalformedVectorExceptionAndAllocatesNoMoreThanTheBytesHold() {
        int accepted = 0;
        for (long seed = 0; seed < 6000; seed++) {
            Random random = new Random(seed);
            FeatureSet set = TestingVectors.randomSet(random);
            byte[] bytes = hostile(set, random);
            FeatureVector vector = new FeatureVector(set);
            long before = threads.getCurrentThreadAllocatedBytes();
            boolean readable;
            try {
                vector.unpack(bytes);
                readable = true;
            } catch (MalformedVectorException e) {
                readable = false;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (seed >= WARM) {
                assertThat(allocated).as("seed %s", seed).isLessThan(20_000 + 20L * bytes.length);
            }
            if (readable) {
                assertThat(vector.pack())
                        .as("seed %s: one vector, one packed form", seed)
                        .isEqualTo(bytes);
                accepted++;
            }
        }
        assertThat(accepted).isBetween(300, 5700);
    }

    private static byte[] hostile(FeatureSet set, Random random) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return bytes;
        }
        List<@Nullable Content> contents = TestingVectors.randomContents(set, random);
        FeatureVector vector = new FeatureVector(set);
        TestingVectors.fill(vector, contents, 0, set.size());
        byte[] bytes = vector.pack();
        if (random.nextInt(3) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
        }
        for (int flip = random.nextInt(4); flip > 0 && bytes.length > 0; flip--) {
            int at = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(Math.min(8, bytes.length));
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private static void assertRefused(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> new FeatureVector(SET).unpack(bytes))
                .isInstanceOf(MalformedVectorException.class)
                .hasMessage(message);
    }
}
