package io.millrace.features.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.join.state.Heard;
import io.millrace.features.join.state.JoinState;
import io.millrace.features.join.state.Part;
import io.millrace.features.join.state.PendingDecision;
import io.millrace.features.join.state.PendingSlot;
import io.millrace.features.join.state.Phase;
import io.millrace.features.join.state.Standing;
import io.millrace.features.join.state.WaitingFeedback;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JoinStateTest {
    /** As checkpoints hold it since 0.1.0: never change it, add the next one. */
    private static final String RELEASED_0_1_0 =
            "c301368c357868891ead02026402027208616e6e618080f0ecbdada0060c6d6f766965730e040102"
                    + "0e6c6561726e6564020e72616e6b696e6702620002000402610203000000000000d03f0000000000"
                    + "00f83f02000000000000f03f02620204000000000000e03f0000000000000000000000028280f0ec"
                    + "bdada006020904f2c001000404663104663200";

    private static final String RELEASED_0_2_0 =
            "c30147249fcbb96cd76702026402027208616e6e618080f0ecbdada0060c6d6f766965730e0401020e6c6561726e65"
                    + "64020e72616e6b696e6702620002000402610203000000000000d03f000000000000f83f02000000000000f03f0200"
                    + "0000000000144002020a636c69636b000000000000f83f8680f0ecbdada00604663100028880f0ecbdada006026202"
                    + "04000000000000e03f0000000000000000000000000000028280f0ecbdada006020904f2c001028480f0ecbdada006"
                    + "000404663104663200";

    private static final Heard HEARD = new Heard(List.of(new Part("click", 1.5, 1_760_000_000_000_003L, "f1")));

    private final Codec<JoinState> codec = JoinStates.codec();

    @Test
    void isWrittenAsItWasReleased() {
        assertThat(HexFormat.of()
                        .formatHex(codec.encode(state(5.0, HEARD, 1_760_000_000_000_002L, 1_760_000_000_000_004L))))
                .isEqualTo(RELEASED_0_2_0);
    }

    @Test
    void isReadFromEveryRelease() {
        assertThat(codec.decode(HexFormat.of().parseHex(RELEASED_0_1_0))).isEqualTo(state(null, null, null, null));
        assertThat(codec.decode(HexFormat.of().parseHex(RELEASED_0_2_0)))
                .isEqualTo(state(5.0, HEARD, 1_760_000_000_000_002L, 1_760_000_000_000_004L));
    }

    private static JoinState state(
            @Nullable Double weight, @Nullable Heard heard, @Nullable Long reached, @Nullable Long closed) {
        List<PendingSlot> slots = List.of(
                new PendingSlot("a", ByteBuffer.wrap(new byte[] {3}), 0.25, 1.5, 1.0, weight, heard, closed),
                new PendingSlot("b", ByteBuffer.wrap(new byte[] {4}), 0.5, 0.0, null, null, null, null));
        PendingDecision decision = new PendingDecision(
                "d",
                "r",
                "anna",
                1_760_000_000_000_000L,
                "movies",
                7L,
                ByteBuffer.wrap(new byte[] {1, 2}),
                "learned",
                Map.of("ranking", "b"),
                Standing.FED,
                Phase.OPEN,
                slots);
        WaitingFeedback waiting =
                new WaitingFeedback(1_760_000_000_000_001L, ByteBuffer.wrap(new byte[] {9}), 2, 12_345L, reached);
        return new JoinState(List.of(decision), List.of(waiting), List.of("f1", "f2"));
    }
}
