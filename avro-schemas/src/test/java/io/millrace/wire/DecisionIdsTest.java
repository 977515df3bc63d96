package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionIdsTest {
    private static final long TIME = 1_760_000_000_123L;

    @Test
    void mintsUuidsOfVersion7ThatCarryTheirTime() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            String id = i % 2 == 0
                    ? DecisionIds.mint(TIME + i, random.nextLong())
                    : DecisionIds.mint(TIME + i, "request " + i, random.nextLong());
            assertThat(UUID.fromString(id).version()).isEqualTo(7);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
            assertThat(DecisionIds.isDecisionId(id)).isTrue();
            assertThat(DecisionIds.timeMillis(id)).isEqualTo(TIME + i);
        }
    }

    @Test
    void givesADecisionTheKeyOfItsRequest() {
        String id = DecisionIds.mint(TIME, "order 4711 ü", 99);
        assertThat(DecisionIds.joinKey(id)).isEqualTo(DecisionIds.joinKeyOfRequest("order 4711 ü"));
        assertThat(DecisionIds.joinKey(id)).isBetween(0L, (1L << 62) - 1);
    }

    @Test
    void staysAsItWasReleased() {
        assertThat(DecisionIds.mint(TIME, 0x0123456789abcdefL)).isEqualTo("0199c82c-c07b-7cea-8123-456789abcdef");
        assertThat(DecisionIds.mint(TIME, "order 4711", 5)).isEqualTo("0199c82c-c07b-7575-a856-18f8681527f7");
        // python3 -c 'import xxhash; print(xxhash.xxh3_64_intdigest(b"") & (1 << 62) - 1)' with the published
        // 2d06800538d394c2
        assertThat(DecisionIds.joinKeyOfRequest("")).isEqualTo(0x2d06800538d394c2L & (1L << 62) - 1);
    }

    @Test
    void tellsDecisionsAboutTheSameRequestApart() {
        Set<String> ids = new HashSet<>();
        Random random = new Random(2);
        for (int i = 0; i < 20; i++) {
            ids.add(DecisionIds.mint(TIME, "again", random.nextLong()));
        }
        assertThat(ids).hasSize(20);
    }

    @Test
    void drawsNewIdsFromNewBits() {
        Set<String> ids = new HashSet<>();
        Set<Long> keys = new HashSet<>();
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            String id = DecisionIds.mint(TIME, random.nextLong());
            ids.add(id);
            keys.add(DecisionIds.joinKey(id));
        }
        assertThat(ids).hasSize(10_000);
        assertThat(keys).hasSize(10_000);
    }

    @Test
    void keysForeignIdsLikeRequests() {
        assertThat(DecisionIds.joinKey("foreign-1")).isEqualTo(DecisionIds.joinKeyOfRequest("foreign-1"));
    }

    @Test
    void marksAnIdAsUnloggedAndChangesNothingElseOfIt() {
        Random random = new Random(4);
        for (int i = 0; i < 1000; i++) {
            String id = DecisionIds.mint(TIME + i, random.nextLong());
            String unlogged = DecisionIds.unlogged(id);
            assertThat(DecisionIds.isUnlogged(unlogged)).isTrue();
            assertThat(DecisionIds.isUnlogged(id)).isFalse();
            assertThat(DecisionIds.isDecisionId(unlogged)).isFalse();
            assertThat(UUID.fromString(unlogged).version()).isEqualTo(8);
            assertThat(unlogged.substring(0, 14) + "7" + unlogged.substring(15)).isEqualTo(id);
        }
        assertThat(DecisionIds.isUnlogged("")).isFalse();
        assertThat(DecisionIds.isUnlogged("order 4711 of 8888")).isFalse();
        assertThatThrownBy(() -> DecisionIds.unlogged("order 4711")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsWhatIsNoDecisionId() {
        String id = DecisionIds.mint(TIME, 7);
        assertThat(DecisionIds.isDecisionId(id.toUpperCase(Locale.ROOT))).isFalse();
        assertThat(DecisionIds.isDecisionId(UUID.nameUUIDFromBytes(new byte[0]).toString()))
                .isFalse();
        assertThat(DecisionIds.isDecisionId("")).isFalse();
        assertThatThrownBy(() -> DecisionIds.timeMillis("order 4711"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("decision id: order 4711 (expected: a UUIDv7 in lower case)");
        assertThatThrownBy(() -> DecisionIds.mint(-1, 7)).hasMessageContaining("-1 ms (expected: 0 to 2^48 - 1)");
    }
}
