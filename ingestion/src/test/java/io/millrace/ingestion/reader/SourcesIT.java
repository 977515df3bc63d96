package io.millrace.ingestion.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.source.SourceException;
import io.millrace.ingestion.source.SourceRecord;
import io.millrace.record.DeadLetter;
import io.millrace.record.Decision;
import io.millrace.record.Event;
import io.millrace.record.Feedback;
import io.millrace.record.Name;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.Follower;
import io.millrace.wire.kafka.RegistrySettings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class SourcesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            sources:
            """;
    private static final String CLICKS = """
            clicks:
              topic: shop.clicks
              as: events
              kind: click
              entities: {user: user}
              values: {price: {field: price, type: number}}
            """;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private TestingKafka kafka;
    private Producer<byte[], byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.start(1);
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            admin.createTopics(List.of(
                            new NewTopic("shop.clicks", 2, (short) 1).configs(Map.of("max.message.bytes", "4000000"))))
                    .all()
                    .get();
        }
        producer = kafka.producer();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        producer.close();
        kafka.close();
    }

    private static PipelineSpec spec(String yaml) {
        return SpecReader.read(HEAD + yaml.indent(2), "p.yaml");
    }

    private SourcesApp app(String yaml, RegistrySettings registry) throws SourceException {
        SourcesApp app = SourcesApp.start(
                spec(yaml),
                Path.of("."),
                SourceClusters.of(kafka.settings()),
                Optional.ofNullable(registry),
                Clock.systemUTC(),
                metrics);
        open.add(app);
        return app;
    }

    private void send(int partition, String value) {
        send(partition, value.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int partition, byte[] value) {
        producer.send(new ProducerRecord<>("shop.clicks", partition, null, value));
    }

    private <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type, int count) {
        Codec<T> codec = Codec.of(type);
        return kafka.read(topic, PATIENCE, records -> records.size() >= count).stream()
                .map(record -> codec.decode(record.value()))
                .toList();
    }

    /** All there is once the source has nothing to read: what is written then stands before a mark of ours. */
    private List<String> eventIdsAtTheEnd(String source, int written) throws Exception {
        await(source, written);
        Codec<Event> codec = Codec.of(Event.class);
        Event mark = new Event("mark", "mark", 0L, Map.of(), Map.of());
        producer.send(new ProducerRecord<>("events", codec.encode(mark))).get();
        List<String> ids = kafka
                .read(
                        Topic.EVENTS,
                        PATIENCE,
                        records -> !records.isEmpty()
                                && codec.decode(records.get(records.size() - 1).value())
                                        .equals(mark))
                .stream()
                .map(record -> codec.decode(record.value()).getId())
                .toList();
        return ids.subList(0, ids.size() - 1);
    }

    /** Until the source's group has read as much. */
    private void await(String source, int written) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            long read = 0;
            while (read < written && System.nanoTime() < end) {
                read = admin
                        .listConsumerGroupOffsets("millrace-source-" + source)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .values()
                        .stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum();
            }
            assertThat(read).isEqualTo(written);
        }
    }

    private static List<String> places(int perPartition) {
        return Stream.of(0, 1)
                .flatMap(partition ->
                        IntStream.range(0, perPartition).mapToObj(offset -> "shop.clicks-" + partition + "-" + offset))
                .toList();
    }

    private void click(int i) {
        send(i % 2, "{\"user\": \"u" + i % 50 + "\", \"price\": " + i + "}");
    }

    @Test
    void eachRecordBecomesOneEventWhoeverDiesOnTheWay() throws Exception {
        IntStream.range(0, 4000).forEach(this::click);
        producer.flush();
        open.add(killedInTheMiddle());
        app(CLICKS, null);
        read(Topic.EVENTS, Event.class, 500);
        // The first one goes on, as a process does that was cut off: whoever starts later shuts it out.
        app(CLICKS, null);
        IntStream.range(4000, 6000).forEach(this::click);
        kafka.restart();
        IntStream.range(6000, 8000).forEach(this::click);
        producer.flush();
        assertThat(eventIdsAtTheEnd("clicks", 8000)).containsExactlyInAnyOrderElementsOf(places(4000));
    }

    /** One that has written results and offsets, and neither committed nor aborted them. */
    private Producer<byte[], byte[]> killedInTheMiddle() throws Exception {
        Properties properties = kafka.settings().producer();
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "millrace-source-clicks");
        Producer<byte[], byte[]> killed =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        killed.initTransactions();
        killed.beginTransaction();
        Event event = new Event("shop.clicks-0-0", "click", 0L, Map.of(), Map.of());
        killed.send(new ProducerRecord<>("events", Codec.of(Event.class).encode(event)));
        try (Consumer<byte[], byte[]> consumer = Follower.consumer(SourceReader.consumer(
                SourceClusters.of(kafka.settings()), spec(CLICKS).sources().get(0)))) {
            killed.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("shop.clicks", 0), new OffsetAndMetadata(1)), consumer.groupMetadata());
        }
        killed.flush();
        return killed;
    }

    @Test
    void oneThatIsClosedGoesOnWhereItWas() throws Exception {
        IntStream.range(0, 1000).forEach(this::click);
        SourcesApp first = app(CLICKS, null);
        read(Topic.EVENTS, Event.class, 1);
        first.close();
        IntStream.range(1000, 2000).forEach(this::click);
        producer.flush();
        app(CLICKS, null);
        assertThat(eventIdsAtTheEnd("clicks", 2000)).containsExactlyInAnyOrderElementsOf(places(1000));
    }

    @Test
    void aSchemaThatChangesUnderWayStopsNothing() throws Exception {
        app("""
                likes:
                  topic: shop.clicks
                  as: feedback
                  kind: {field: kind}
                  decision: request
                  item: item
                  value: stars?
                """, null);
        send(0, "{\"kind\": \"like\", \"request\": \"r-1\", \"item\": \"up\"}");
        send(0, "{\"kind\": \"like\", \"request\": \"r-2\", \"item\": 7, \"stars\": \"4.5\", \"new\": [{}]}");
        send(0, "{\"kind\": \"like\", \"request\": \"r-3\", \"sku\": \"up\"}");
        send(0, "{\"kind\": \"like\", \"request\": \"r-4\", \"item\": \"up\", \"stars\": \"many\"}");
        send(0, (byte[]) null);
        send(0, "{\"kind\": \"like\", \"request\": \"r-5\", \"item\": \"heat\"}");
        List<Feedback> feedback = read(Topic.FEEDBACK, Feedback.class, 3);
        assertThat(feedback).extracting(Feedback::getRequestId).containsExactly("r-1", "r-2", "r-5");
        assertThat(feedback).extracting(Feedback::getItem).containsExactly("up", "7", "heat");
        assertThat(feedback).extracting(Feedback::getValue).containsExactly(1.0, 4.5, 1.0);
        List<DeadLetter> letters = read(Topic.DEAD_LETTERS, DeadLetter.class, 2);
        assertThat(letters)
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        "likes: item: missing (expected: a text of 1 to 1024 characters, or a whole number)",
                        "likes: stars: \"many\" (expected: a number)");
        assertThat(letters).extracting(DeadLetter::getTopic).containsOnly("shop.clicks");
        assertThat(letters).extracting(DeadLetter::getOffset).containsExactly(2L, 3L);
        assertThat(letters).extracting(DeadLetter::getComponent).containsOnly("source");
        await("likes", 6);
        assertThat(counted("taken")).isEqualTo(3);
        assertThat(counted("rejected")).isEqualTo(2);
        assertThat(counted("passed_over")).isEqualTo(1);
    }

    private double counted(String result) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        double count = 0;
        while (count == 0 && System.nanoTime() < end) {
            count = metrics.get("millrace.source.records")
                    .tag("result", result)
                    .counter()
                    .count();
        }
        return count;
    }

    @Test
    void aDeadLetterOfWhatIsTooLargeForOneSaysSo() throws Exception {
        app(CLICKS, null);
        producer.close();
        Properties large = kafka.settings().producer();
        large.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(2 << 20));
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            assertThat(admin.describeTopics(List.of("shop.clicks"))
                            .allTopicNames()
                            .get())
                    .isNotEmpty();
        }
        producer = new KafkaProducer<>(large, new ByteArraySerializer(), new ByteArraySerializer());
        send(0, "x".repeat(1_500_000));
        DeadLetter letter = read(Topic.DEAD_LETTERS, DeadLetter.class, 1).get(0);
        assertThat(letter.getReason())
                .startsWith("clicks: record: broken JSON")
                .endsWith("; of 1500000 bytes, the first 900000");
        assertThat(letter.getBytes().remaining()).isEqualTo(900_000);
    }

    @Test
    void aRegistryThatDoesNotAnswerIsWaitedFor() throws Exception {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Click", "fields": [
                 {"name": "user", "type": "string"}, {"name": "price", "type": "double"}]}""");
        try (TestingRegistry registry = new TestingRegistry()) {
            registry.schema(7, schema.toString());
            registry.isDown = true;
            app(CLICKS + "  format: avro\n  framing: confluent\n", registry.settings());
            send(0, framed(7, schema, "ann"));
            send(0, framed(8, schema, "bob"));
            send(0, framed(7, schema, "eve"));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (registry.asked.size() < 2 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            registry.isDown = false;
            assertThat(read(Topic.EVENTS, Event.class, 2))
                    .extracting(event -> event.getEntities().get("user"))
                    .containsExactly("ann", "eve");
            assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class, 1))
                    .extracting(DeadLetter::getReason)
                    .containsExactly("clicks: record: schema id 8 (expected: one that the registry knows)");
            await("clicks", 3);
        }
    }

    @Test
    void anAvroSchemaThatChangesUnderWayIsFollowed() throws Exception {
        Schema first = schema("\"double\"", "");
        Schema more =
                schema("\"double\"", ", {\"name\": \"shop\", \"type\": {\"type\": \"array\", \"items\": \"string\"}}");
        Schema retyped = schema("\"string\"", "");
        Schema nested = schema("{\"type\": \"map\", \"values\": \"double\"}", "");
        try (TestingRegistry registry = new TestingRegistry()) {
            List<Schema> schemas = List.of(first, more, retyped, nested);
            for (int id = 1; id <= schemas.size(); id++) {
                registry.schema(id, schemas.get(id - 1).toString());
            }
            app(CLICKS + "  format: avro\n  framing: confluent\n", registry.settings());
            send(0, framed(1, click(first, "ann", 1.0)));
            GenericRecord wider = click(more, "bob", 2.0);
            wider.put("shop", List.of("a", "b"));
            send(0, framed(2, wider));
            send(0, framed(3, click(retyped, "cat", "3.5")));
            send(0, framed(3, click(retyped, "dan", "dear")));
            send(0, framed(4, click(nested, "eve", Map.of("eur", 4.0))));
            send(0, framed(1, click(first, "fay", 5.0)));
            List<Event> events = read(Topic.EVENTS, Event.class, 4);
            assertThat(events)
                    .extracting(event -> event.getEntities().get("user") + event.getValues())
                    .containsExactly("ann{price=1.0}", "bob{price=2.0}", "cat{price=3.5}", "fay{price=5.0}");
            assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class, 2))
                    .extracting(DeadLetter::getReason)
                    .containsExactly(
                            "clicks: price: \"dear\" (expected: a number)",
                            "clicks: price: {\"eur\":4.0} (expected: a number)");
            await("clicks", 6);
        }
    }

    /**
     * Against one that somebody runs: {@code -Dmillrace.registry.url=http://127.0.0.1:8080/apis/ccompat/v7} for Apicurio. It needs a
     * newer Java than we do, and is 158 MB.
     */
    @Test
    @EnabledIfSystemProperty(named = "millrace.registry.url", matches = ".+")
    void aRegistryOfOthersIsUnderstood() throws Exception {
        URI url = URI.create(System.getProperty("millrace.registry.url"));
        String number = Long.toString(System.nanoTime());
        Schema money = new Schema.Parser().parse("""
                {"type": "record", "name": "Money", "namespace": "shop%s", "fields": [
                 {"name": "eur", "type": "double"}]}""".formatted(number));
        int flat = register(url, "flat" + number, schema("\"double\"", "").toString(), "");
        register(url, "money" + number, money.toString(), "");
        String text =
                "{\"type\": \"record\", \"name\": \"Order\", \"fields\": [{\"name\": \"user\", \"type\": \"string\"},"
                        + " {\"name\": \"price\", \"type\": \"" + money.getFullName() + "\"}]}";
        int referring = register(
                url,
                "order" + number,
                text,
                ",\"references\":[{\"name\":\"%s\",\"subject\":\"money%s\",\"version\":1}]"
                        .formatted(money.getFullName(), number));
        Schema order = new Schema.Parser().parse(text.replace("\"" + money.getFullName() + "\"", money.toString()));
        app(CLICKS + "  format: avro\n  framing: confluent\n", new RegistrySettings(url, Optional.empty()));
        send(0, framed(flat, click(schema("\"double\"", ""), "ann", 1.0)));
        GenericRecord price = new GenericData.Record(money);
        price.put("eur", 2.5);
        send(0, framed(referring, click(order, "bob", price)));
        send(0, framed(1_999_999_999, click(order, "eve", price)));
        assertThat(read(Topic.EVENTS, Event.class, 1))
                .extracting(event -> event.getEntities().get("user") + event.getValues())
                .containsExactly("ann{price=1.0}");
        assertThat(read(Topic.DEAD_LETTERS, DeadLetter.class, 2))
                .extracting(DeadLetter::getReason)
                .containsExactly(
                        "clicks: price: {\"eur\":2.5} (expected: a number)",
                        "clicks: record: schema id 1999999999 (expected: one that the registry knows)");
    }

    private static int register(URI url, String subject, String schema, String more) throws Exception {
        JsonMapper json = new JsonMapper();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject + "/versions"))
                .header("content-type", "application/vnd.schemaregistry.v1+json")
                .POST(BodyPublishers.ofString("{\"schema\":" + json.writeValueAsString(schema) + more + "}"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json.readTree(response.body()).path("id").asInt();
    }

    private static Schema schema(String price, String more) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Click", "fields": [
                 {"name": "user", "type": "string"}, {"name": "price", "type": %s}%s]}""".formatted(price, more));
    }

    private static GenericRecord click(Schema schema, String user, Object price) {
        GenericRecord click = new GenericData.Record(schema);
        click.put("user", user);
        click.put("price", price);
        return click;
    }

    @Test
    void decisionsAreWrittenOnceAndTheNamesOfTheirHashesBesideThem() throws Exception {
        app("""
                ranked:
                  topic: shop.clicks
                  as: decisions
                  id: rid
                  subject: who
                  slate: {field: shown}
                """, null);
        for (int i = 0; i < 1500; i++) {
            send(0, "{\"rid\": \"r-%d\", \"who\": \"u%d\", \"shown\": [\"up\", \"heat\"]}".formatted(i, i % 10));
        }
        await("ranked", 1500);
        // Names that stand behind hashes which this reader has written are not written again.
        send(0, "{\"rid\": \"r-1500\", \"who\": \"u0\", \"shown\": [\"up\", \"alien\"]}");
        await("ranked", 1501);
        List<Decision> decisions = read(Topic.DECISIONS, Decision.class, 1501);
        assertThat(decisions)
                .extracting(Decision::getRequestId)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 1500).mapToObj(i -> "r-" + i).toList());
        List<Name> names = read(Topic.NAMES, Name.class, 13);
        assertThat(names)
                .extracting(name -> name.getField() + " " + name.getValue())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                IntStream.range(0, 10).mapToObj(i -> "user u" + i),
                                Stream.of("item up", "item heat", "item alien"))
                        .toList());
        assertThat(kafka.read(Topic.NAMES, PATIENCE, records -> records.size() >= 13))
                .extracting(record -> ByteBuffer.wrap(record.key()).getLong())
                .containsExactlyElementsOf(names.stream().map(Name::getHash).toList());
    }

    private static byte[] framed(int id, Schema schema, String user) throws Exception {
        GenericRecord click = new GenericData.Record(schema);
        click.put("user", user);
        click.put("price", 1.5);
        return framed(id, click);
    }

    private static byte[] framed(int id, GenericRecord click) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(click.getSchema()).write(click, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    @Test
    void whereTheRegistryIsHasToBeSaid() {
        assertThatThrownBy(() -> app(CLICKS + "  format: avro\n  framing: confluent\n", null))
                .isInstanceOf(SourceException.class)
                .hasMessage("sources:\n  registry.url: missing (expected: in the deployment, where the schemas of"
                        + " sources.clicks are)");
    }

    @Test
    void noSourceIsATopicOfOurs() {
        assertThatThrownBy(() ->
                        app("events: {as: events, kind: a}\nletters: {topic: dead-letters, as: items, id: i}", null))
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "sources:\n"
                                + "  sources.events.topic: events (expected: a topic of others: this one is Millrace's own)\n"
                                + "  sources.letters.topic: dead-letters (expected: a topic of others: this one is Millrace's own)");
    }

    @Test
    void aSampleIsTheNewestOfAllPartitions() {
        IntStream.range(0, 100).forEach(this::click);
        producer.flush();
        SourceClusters clusters = SourceClusters.of(kafka.settings());
        SourceSpec clicks = spec(CLICKS).sources().get(0);
        SourceSpec none = spec(CLICKS.replace("shop.clicks", "none")).sources().get(0);
        assertThat(SourceSample.newest(clusters, none, 10)).isEmpty();
        assertThat(SourceSample.newest(clusters, clicks, 1000).orElseThrow()).hasSize(100);
        assertThat(SourceSample.newest(clusters, clicks, 10).orElseThrow())
                .hasSize(10)
                .extracting(SourceRecord::topic)
                .containsOnly("shop.clicks");
    }
}
