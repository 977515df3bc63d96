package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleViewTest {
    private static final Codec<Example> CODEC = Codec.of(Example.class);

    private final ExampleView view = new ExampleView();

    @Test
    void readsWhatACodecReads() {
        for (long seed = 0; seed < 3000; seed++) {
            byte[] record = CODEC.encode(example(new Random(seed)));
            assertThat(view.read(record, 0, record.length)).as("seed %s", seed).isTrue();
            assertSame(CODEC.decode(record), "seed " + seed);
            assertThat(view.encoded()).isEqualTo(record);
        }
    }

    @Test
    void showsADecodedRecordAsItsBytes() {
        for (long seed = 0; seed < 300; seed++) {
            Example example = example(new Random(seed));
            view.show(example);
            assertSame(example, "seed " + seed);
            assertThat(view.encoded()).isEqualTo(CODEC.encode(example));
        }
        Example readOnly = example(new Random(7));
        readOnly.setFeatures(readOnly.getFeatures().asReadOnlyBuffer());
        view.show(readOnly);
        assertSame(readOnly, "read-only");
    }

    @Test
    void refusesAnotherSchemasRecords() {
        byte[] record = CODEC.encode(TestingRecords.example());
        for (int i = 0; i < Codec.HEADER_BYTES; i++) {
            byte[] other = record.clone();
            other[i] ^= 1;
            assertThat(view.read(other, 0, other.length)).isFalse();
        }
        for (int length = 0; length < record.length; length++) {
            assertThat(view.read(record, 0, length)).isFalse();
        }
        byte[] longer = Arrays.copyOf(record, record.length + 1);
        assertThat(view.read(longer, 0, longer.length)).isFalse();
        assertThat(view.read(longer, 0, record.length)).isTrue();
    }

    @Test
    void refusesARangeOutsideOfTheArray() {
        byte[] record = CODEC.encode(TestingRecords.example());
        assertThatThrownBy(() -> view.read(record, 1, record.length)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.read(record, -1, 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** What it reads of damaged bytes, a codec reads alike; what lies around the record does not matter. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsNothingThatACodecDoesNot(long seed) {
        Random random = new Random(seed);
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] record = damaged(random);
            int before = random.nextInt(20);
            byte[] around = new byte[before + record.length + random.nextInt(20)];
            random.nextBytes(around);
            System.arraycopy(record, 0, around, before, record.length);
            if (view.read(around, before, record.length)) {
                String text = "seed " + seed + ", " + HexFormat.of().formatHex(record);
                assertSame(decode(record, text), text);
                assertThat(view.encoded()).isEqualTo(record);
                readable++;
            }
        }
        assertThat(readable).as("seed %s", seed).isBetween(500, 19_500);
    }

    private static Example decode(byte[] record, String text) {
        try {
            return CODEC.decode(record);
        } catch (WireException e) {
            throw new AssertionError(text, e);
        }
    }

    private void assertSame(Example example, String text) {
        assertThat(view.decisionId()).as(text).isEqualTo(example.getDecisionId());
        assertThat(view.slot()).as(text).isEqualTo(example.getSlot());
        assertThat(view.kind()).as(text).isEqualTo(example.getKind());
        assertThat(view.featureSetVersion()).as(text).isEqualTo(example.getFeatureSetVersion());
        assertThat(ByteBuffer.wrap(view.features(), view.featuresFrom(), view.featuresLength()))
                .as(text)
                .isEqualTo(example.getFeatures());
        assertThat(view.reward()).as(text).isEqualTo(Double.valueOf(example.getReward()));
        @Nullable Double replaced = example.getReplacedReward();
        assertThat(view.isReplacing()).as(text).isEqualTo(replaced != null);
        assertThat(view.replacedReward()).as(text).isEqualTo(Objects.requireNonNullElse(replaced, 0.0));
        assertThat(view.weight()).as(text).isEqualTo(Double.valueOf(example.getWeight()));
        assertThat(view.decisionTimeMicros()).as(text).isEqualTo(example.getDecisionTimeMicros());
        assertThat(view.labelDelayMicros()).as(text).isEqualTo(example.getLabelDelayMicros());
    }

    private static byte[] damaged(Random random) {
        byte[] record = CODEC.encode(example(random));
        switch (random.nextInt(4)) {
            case 0 ->
                random.ints(random.nextInt(4), 0, record.length)
                        .forEach(at -> record[at] ^= (byte) (1 << random.nextInt(8)));
            case 1 ->
                record[Codec.HEADER_BYTES + random.nextInt(record.length - Codec.HEADER_BYTES)] =
                        (byte) random.nextInt(256);
            case 2 -> {
                int at = Codec.HEADER_BYTES + random.nextInt(record.length - Codec.HEADER_BYTES);
                for (int i = at; i < record.length && i < at + 12; i++) {
                    record[i] = (byte) random.nextInt(256);
                }
            }
            default -> {
                return Arrays.copyOf(record, random.nextInt(record.length + 3));
            }
        }
        return record;
    }

    private static Example example(Random random) {
        byte[] features = new byte[random.nextInt(random.nextInt(10) == 0 ? 400 : 30)];
        random.nextBytes(features);
        Map<String, String> variants = new TreeMap<>();
        for (int i = random.nextInt(4); i > 1; i--) {
            variants.put("experiment" + i, "ä".repeat(random.nextInt(5)));
        }
        return Example.newBuilder()
                .setDecisionId("d".repeat(random.nextInt(80)))
                .setSlot(random.nextInt(1 << 10))
                .setKind(random.nextBoolean() ? ExampleKind.ORIGINAL : ExampleKind.CORRECTION)
                .setFeatureSet("set")
                .setFeatureSetVersion(random.nextLong())
                .setFeatures(ByteBuffer.wrap(features))
                .setReward(random.nextGaussian())
                .setReplacedReward(random.nextBoolean() ? random.nextDouble() : null)
                .setWeight(random.nextInt(20) == 0 ? Double.NaN : 1)
                .setPropensity(random.nextDouble())
                .setArm("learned")
                .setDecisionTimeMicros(random.nextLong() >> random.nextInt(60))
                .setLabelDelayMicros(random.nextInt())
                .setVariants(variants)
                .build();
    }
}
