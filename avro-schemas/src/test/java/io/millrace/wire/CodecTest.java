package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.record.Event;
import io.millrace.record.Example;
import io.millrace.record.Name;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class CodecTest {
    private static final long WARM = 2000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void writesAndReadsWhatAvrosOwnMessageCoderDoes() throws IOException {
        for (SpecificRecord sample : TestingRecords.all()) {
            byte[] ours = codec(sample).encode(sample);
            byte[] theirs = bytes(
                    new BinaryMessageEncoder<SpecificRecord>(SpecificData.get(), sample.getSchema()).encode(sample));
            assertThat(ours).isEqualTo(theirs);
            assertThat(codec(sample).decode(theirs)).isEqualTo(sample);
            assertThat(new BinaryMessageDecoder<SpecificRecord>(SpecificData.get(), sample.getSchema()).decode(ours))
                    .isEqualTo(sample);
        }
    }

    @Test
    void beginsWithTheMarkerAndTheFingerprintOfTheSchema() {
        byte[] encoded = Codec.of(Event.class).encode(TestingRecords.event());
        assertThat(Arrays.copyOf(encoded, 2)).containsExactly(0xC3, 0x01);
        assertThat(ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
                .isEqualTo(SchemaNormalization.parsingFingerprint64(Event.getClassSchema()));
    }

    @Test
    void readsWhatAnOlderSchemaWroteWithTheDefaultsOfNewFields() throws IOException {
        Schema older = with(
                Example.getClassSchema(),
                Example.getClassSchema().getFields().stream()
                        .filter(field ->
                                !field.name().equals("weight") && !field.name().equals("variants"))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList());
        Schemas schemas = new Schemas();
        schemas.add(older);
        Example read = Codec.of(Example.class, schemas).decode(generic(older, TestingRecords.example()));
        assertThat(read.getReward()).isEqualTo(2);
        assertThat(read.getReplacedReward()).isZero();
        assertThat(read.getWeight()).isEqualTo(1);
        assertThat(read.getVariants()).isEmpty();
    }

    @Test
    void readsWhatANewerSchemaWroteWithoutTheFieldsItDoesNotKnow() throws IOException {
        List<Schema.Field> fields = new ArrayList<>(Event.getClassSchema().getFields().stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        fields.add(1, new Schema.Field("extra", Schema.create(Schema.Type.STRING), "", "none"));
        Schema newer = with(Event.getClassSchema(), fields);
        Schemas schemas = new Schemas();
        byte[] encoded = generic(newer, TestingRecords.event());
        Codec<Event> codec = Codec.of(Event.class, schemas);
        assertThatThrownBy(() -> codec.decode(encoded))
                .isInstanceOfSatisfying(
                        UnknownSchemaException.class,
                        e -> assertThat(e.fingerprint()).isEqualTo(SchemaNormalization.parsingFingerprint64(newer)))
                .hasMessage("Event: schema fingerprint "
                        + Long.toHexString(SchemaNormalization.parsingFingerprint64(newer))
                        + " (expected: one in the catalogue or the topic schemas)");
        schemas.add(newer);
        assertThat(codec.decode(encoded)).isEqualTo(TestingRecords.event());
        assertThat(codec.decode(encoded)).isEqualTo(TestingRecords.event());
    }

    @Test
    void refusesARecordOfAnotherType() {
        byte[] name = Codec.of(Name.class).encode(new Name(1L, "user", "7"));
        assertThatThrownBy(() -> Codec.of(Event.class).decode(name))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("Event: a record io.millrace.record.Name (expected: a record Event)");
    }

    @Test
    void refusesBytesWithoutTheHeader() {
        assertThatThrownBy(() -> Codec.of(Event.class).decode(new byte[] {(byte) 0xC3, 1, 2}))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("Event: no single-object header C3 01 in 3 bytes (expected: a record Event)");
        byte[] encoded = Codec.of(Event.class).encode(TestingRecords.event());
        encoded[0] = '{';
        assertThatThrownBy(() -> Codec.of(Event.class).decode(encoded)).isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void refusesEveryTruncationAndTrailingBytes() {
        for (SpecificRecord sample : TestingRecords.all()) {
            Codec<SpecificRecord> codec = codec(sample);
            byte[] encoded = codec.encode(sample);
            for (int length = 0; length < encoded.length; length++) {
                byte[] shorter = Arrays.copyOf(encoded, length);
                assertThatThrownBy(() -> codec.decode(shorter)).isInstanceOf(MalformedRecordException.class);
            }
            byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
            assertThatThrownBy(() -> codec.decode(longer))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("bytes left over after the record");
            assertThat(codec.decode(encoded)).isEqualTo(sample);
        }
    }

    @Test
    void throwsNothingButWireExceptionsAndAllocatesNoMoreThanTheBytesHold() {
        List<SpecificRecord> samples = TestingRecords.all();
        List<Codec<SpecificRecord>> codecs =
                samples.stream().map(CodecTest::codec).toList();
        for (long seed = 0; seed < 40_000; seed++) {
            Random random = new Random(seed);
            int type = random.nextInt(samples.size());
            byte[] bytes = hostile(codecs.get(type).encode(samples.get(type)), random);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                codecs.get(type).decode(bytes);
            } catch (WireException expected) {
                assertThat(expected.getMessage()).contains("(expected: ");
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (seed >= WARM) {
                assertThat(allocated).as("seed %s", seed).isLessThan(100_000);
            }
        }
    }

    @Test
    void encodesAsBeforeAfterARecordThatIsIncomplete() {
        Codec<Example> codec = Codec.of(Example.class);
        byte[] encoded = codec.encode(TestingRecords.example());
        Example incomplete = Example.newBuilder(TestingRecords.example()).build();
        incomplete.setArm(null);
        assertThatThrownBy(() -> codec.encode(incomplete)).isInstanceOf(RuntimeException.class);
        assertThat(codec.encode(TestingRecords.example())).isEqualTo(encoded);
    }

    @Test
    void isSafeForUseBySeveralThreads() throws Exception {
        Codec<Example> codec = Codec.of(Example.class);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = IntStream.range(0, 4)
                    .mapToObj(thread -> pool.submit(() -> {
                        for (int i = 0; i < 2000; i++) {
                            Example example = Example.newBuilder(TestingRecords.example())
                                    .setSlot(thread * 10_000 + i)
                                    .build();
                            if (!codec.decode(codec.encode(example)).equals(example)) {
                                return false;
                            }
                        }
                        return true;
                    }))
                    .toList();
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static byte[] hostile(byte[] encoded, Random random) {
        byte[] bytes = encoded.clone();
        int body = Codec.HEADER_BYTES;
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 9));
            case 1 -> Arrays.fill(bytes, body + random.nextInt(bytes.length - body), bytes.length, (byte) 0xff);
            case 2 -> {
                byte[] noise = new byte[random.nextInt(60)];
                random.nextBytes(noise);
                bytes = join(Arrays.copyOf(bytes, body + random.nextInt(bytes.length - body)), noise);
            }
            case 3 -> {
                byte[] huge = HexFormat.of().parseHex(random.nextBoolean() ? "feffffff0f" : "feffffffffffffffff01");
                bytes = join(Arrays.copyOf(bytes, body + random.nextInt(bytes.length - body)), huge);
            }
            default -> {
                for (int flip = 1 + random.nextInt(4); flip > 0; flip--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static Schema with(Schema schema, List<Schema.Field> fields) {
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
    }

    /** The record as a writer with another schema would have written it. */
    private static byte[] generic(Schema schema, SpecificRecord record) throws IOException {
        GenericRecord generic = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            Schema.Field known = record.getSchema().getField(field.name());
            generic.put(field.name(), known == null ? "something new" : record.get(known.pos()));
        }
        return bytes(new BinaryMessageEncoder<GenericRecord>(SpecificData.get(), schema).encode(generic));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @SuppressWarnings("unchecked")
    private static Codec<SpecificRecord> codec(SpecificRecord sample) {
        return Codec.of((Class<SpecificRecord>) sample.getClass());
    }
}
