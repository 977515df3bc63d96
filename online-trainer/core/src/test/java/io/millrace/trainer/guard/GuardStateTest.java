package io.millrace.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.spec.GuardSpec;
import io.millrace.trainer.snapshot.DeltaCodec;
import io.millrace.trainer.state.GuardState;
import io.millrace.trainer.state.LossBucket;
import io.millrace.wire.Codec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardStateTest {
    /** As checkpoints hold it since 0.1.0: never change it, add the next one. */
    private static final String RELEASED_0_1_0 =
            "c3010480666c083a288bf2c00106080107e107e8070108046400000000000044400000000000003e"
                    + "4000000000008041400000000000003a4000000000000038400e0000000000001c400000000000"
                    + "000c400000000000001c400000000000000c4000000000000002400004000000000000d03f0000"
                    + "00000000e03f00";

    private final Codec<GuardState> codec = Codec.of(GuardState.class);

    @Test
    void isWrittenAsItWasReleased() {
        assertThat(HexFormat.of().formatHex(codec.encode(state()))).isEqualTo(RELEASED_0_1_0);
    }

    @Test
    void isReadFromEveryRelease() {
        GuardState read = codec.decode(HexFormat.of().parseHex(RELEASED_0_1_0));
        assertThat(read).isEqualTo(state());
        assertThat(DeltaCodec.rows(read.getRows(), read.getHeldBack(), 1024)).containsExactly(0, 7, 1000);
    }

    @Test
    void aGuardGoesOnFromWhatWasReleasedAndKeepsAllOfIt() {
        PublicationGuard guard = new PublicationGuard(new GuardSpec(0.5, 500));
        guard.restore(codec.decode(HexFormat.of().parseHex(RELEASED_0_1_0)));
        assertThat(guard.isHeld()).isTrue();
        assertThat(guard.loss()).isEqualTo(0.75);
        assertThat(guard.reference()).isEqualTo(0.5);
        assertThat(guard.state()
                        .setPublished(12_345)
                        .setHeldBack(3)
                        .setRows(DeltaCodec.rows(new int[] {0, 7, 1000}))
                        .build())
                .isEqualTo(state());
    }

    private static GuardState state() {
        return GuardState.newBuilder()
                .setPublished(12_345)
                .setHeldBack(3)
                .setRows(ByteBuffer.wrap(new byte[] {1, 7, (byte) 0xe1, 7}))
                .setWindow(500)
                .setHeld(true)
                .setClean(4)
                .setBuckets(List.of(
                        new LossBucket(50, 40.0, 30.0, 35.0, 26.0, 24.0), new LossBucket(7, 7.0, 3.5, 7.0, 3.5, 2.25)))
                .setGood(List.of(0.25, 0.5))
                .build();
    }
}
