package io.millrace.features.job.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.Event;
import io.millrace.record.Item;
import io.millrace.record.Outcome;
import io.millrace.record.ReplacedLabel;
import io.millrace.wire.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFilesTest {
    private static final Instant UNTIL = Instant.ofEpochMilli(7);

    @TempDir
    private Path directory;

    private static Event event(String id, long timeMicros) {
        return new Event(id, "sale", timeMicros, Map.of("user", "u"), Map.of("price", 1.5, "tags", List.of("a")));
    }

    private static Outcome outcome(String id, long timeMicros) {
        return Outcome.newBuilder()
                .setId(id)
                .setDecisionId("d")
                .setSlot(0)
                .setItem("i")
                .setSubject("s")
                .setArm("learned")
                .setKind("click")
                .setValue(1)
                .setClosed(true)
                .setReward(1)
                .setTimeMicros(timeMicros)
                .setDecisionTimeMicros(timeMicros)
                .setFeatureSet("f")
                .setFeatureSetVersion(1)
                .setFeatures(ByteBuffer.allocate(3))
                .build();
    }

    private List<String> write(String folder, int most, List<SpecificRecord> records) throws IOException {
        Path path = Files.createDirectory(directory.resolve(folder));
        try (HistoryWriter writer = new HistoryWriter(path.toString(), UNTIL, most)) {
            for (SpecificRecord record : records) {
                writer.add(record);
            }
            return writer.finish();
        }
    }

    private static List<SpecificRecord> read(List<String> files) throws IOException {
        List<SpecificRecord> read = new ArrayList<>();
        try (MergedHistory merged = new MergedHistory(files)) {
            while (merged.hasNext()) {
                read.add(merged.next());
            }
        }
        return read;
    }

    @Test
    void comeInTheOrderOfTimeWhateverTheOrderAndTheFilesTheyWereWrittenIn() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<SpecificRecord> records = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
            long time = random.nextInt(1_000_000);
            records.add(random.nextInt(3) == 0 ? outcome("o" + n, time) : event("e" + n, time));
        }
        List<String> files = new ArrayList<>(write("one", 70, records.subList(0, 600)));
        files.addAll(write("two", 1_000, records.subList(600, 1_000)));
        assertThat(files).hasSize(20);
        List<SpecificRecord> read = read(files);
        assertThat(read).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(records);
        assertThat(read).as("seed %d", seed).isSortedAccordingTo(Comparator.comparingLong(HistoryFile::timeMicros));
        assertThat(read(files)).as("twice the same, seed %d", seed).isEqualTo(read);
    }

    @Test
    void whatHappenedAtTheSameTimeStaysInItsOrder() throws Exception {
        List<SpecificRecord> records = List.of(event("b", 5), event("a", 5), event("c", 4));
        assertThat(read(write("one", 10, records))).containsExactly(records.get(2), records.get(0), records.get(1));
    }

    @Test
    void aCorrectionComesAfterTheLabelThatItReplacesInWhicheverFilesTheyAre() throws Exception {
        Outcome label = outcome("label", 5);
        Outcome correction = outcome("correction", 3);
        correction.setReplaced(new ReplacedLabel(0.0, 5L));
        assertThat(read(write("one", 10, List.of(correction, label)))).containsExactly(label, correction);
        List<String> files = new ArrayList<>(write("first", 10, List.of(correction)));
        files.addAll(write("second", 10, List.of(label)));
        assertThat(read(files)).containsExactly(label, correction);
    }

    @Test
    void aCorrectionComesAfterTheLabelThatItReplacesWhateverItsOwnTime() throws Exception {
        Outcome label = outcome("label", 5);
        Outcome correction = outcome("correction", 3);
        correction.setReplaced(new ReplacedLabel(0.0, 5L));
        List<SpecificRecord> records = List.of(event("a", 4), label, correction, event("b", 6));
        assertThat(read(write("one", 10, records))).containsExactlyElementsOf(records);
    }

    @Test
    void aHistoryIsAllContainersOfADirectory() throws Exception {
        List<String> files = write("one", 1, List.of(event("a", 1), event("b", 2)));
        Files.writeString(directory.resolve("one").resolve("notes.txt"), "none of it");
        History history = History.in(directory.resolve("one").toString(), UNTIL);
        assertThat(read(history.files())).hasSameSizeAs(files);
        assertThat(history.untilMicros()).isEqualTo(7_000);
        assertThat(history.topics()).containsExactly(Topic.EVENTS);
        List<String> both = write("both", 9, List.of(event("a", 1), outcome("b", 2)));
        assertThat(History.of(both, UNTIL).topics()).containsExactlyInAnyOrder(Topic.EVENTS, Topic.OUTCOMES);
        assertThatThrownBy(() -> History.of(both, Instant.EPOCH))
                .isInstanceOf(HistoryException.class)
                .hasMessageMatching("history until: 1970-01-01T00:00:00Z"
                        + " \\(expected: 1970-01-01T00:00:00.007Z, for which .*Event.avro was made\\)");
        String nowhere = directory.resolve("nowhere").toString();
        assertThatThrownBy(() -> History.in(nowhere, Instant.EPOCH))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("nowhere/*.avro: missing (expected: Avro containers of events and outcomes)");
        assertThatThrownBy(() -> new History(files, Instant.ofEpochSecond(1, 1), Set.of()))
                .hasMessage("until: 1970-01-01T00:00:01.000000001Z (expected: whole milliseconds)");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Path file =
                Path.of(write("one", 100, List.of(event("a", 1), event("b", 2))).get(0));
        byte[] bytes = Files.readAllBytes(file);
        for (int cut = 1; cut < 40; cut++) {
            Path short1 = Files.write(directory.resolve("short.avro"), Arrays.copyOf(bytes, bytes.length - cut));
            assertThatThrownBy(() -> HistoryFile.open(short1.toString()))
                    .as("without its last %d bytes", cut)
                    .isInstanceOf(HistoryException.class)
                    .hasMessageContaining(
                            "short.avro: ends in the middle of a block (expected: an Avro container file of"
                                    + " Event or Outcome, whole)");
        }
        Path text = Files.writeString(directory.resolve("text.avro"), "{\"kind\": \"sale\"}");
        assertThatThrownBy(() -> HistoryFile.open(text.toString()))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("text.avro: ");
        assertThatThrownBy(() -> HistoryFile.open(directory.resolve("none.avro").toString()))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("none.avro: missing");
        Path items = directory.resolve("items.avro");
        try (DataFileWriter<Item> writer = new DataFileWriter<>(new SpecificDatumWriter<>(Item.class))) {
            writer.create(Item.getClassSchema(), items.toFile());
        }
        assertThatThrownBy(() -> HistoryFile.open(items.toString()))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining("items.avro: records io.millrace.record.Item");
    }

    @Test
    void aBlockThatIsBrokenIsFoundWithItsPlace() throws Exception {
        List<SpecificRecord> records = new ArrayList<>();
        for (int n = 0; n < 50; n++) {
            records.add(event("e" + n, n));
        }
        Path file = Path.of(write("one", 100, records).get(0));
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 60, bytes.length - 20, (byte) 0x5A);
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(List.of(file.toString())))
                .isInstanceOf(HistoryException.class)
                .hasMessageContaining(".avro, record ");
    }

    @Test
    void howFarItWasReadIsReadBack() throws Exception {
        HistorySplit split = new HistorySplit(List.of("a", "é"), List.of(3L, 1L << 40), 9, 77);
        HistorySplitSerializer serializer = new HistorySplitSerializer();
        byte[] bytes = serializer.serialize(List.of(split));
        assertThat(serializer.deserialize(serializer.getVersion(), bytes)).containsExactly(split);
        assertThatThrownBy(() -> serializer.deserialize(99, bytes)).hasMessage("history: version 99 (expected: 1)");
    }
}
