package io.millrace.ingestion.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.source.SourceException;
import io.millrace.record.DeadLetter;
import io.millrace.record.Event;
import io.millrace.record.SourceOffset;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Codec;
import io.millrace.wire.Topic;
import io.millrace.wire.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sources in a Kafka that is not the one to which their results are written. */
class OtherClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOPIC = "shop.clicks";
    private static final String HEAD = """
            pipeline: p
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1}}
            sources:
            """;
    private static final String CLICKS = """
            clicks:
              topic: shop.clicks
              cluster: shop
              as: events
              kind: click
              entities: {user: user}
            """;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Codec<Event> events = Codec.of(Event.class);
    private final Codec<SourceOffset> offsets = Codec.of(SourceOffset.class);
    private TestingKafka own;
    private TestingKafka shop;
    private Producer<byte[], byte[]> shopProducer;

    @BeforeEach
    void start() throws Exception {
        own = TestingKafka.start(1);
        shop = TestingKafka.start(1);
        create(shop);
        shopProducer = shop.producer();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        shopProducer.close();
        shop.close();
        own.close();
    }

    private static void create(TestingKafka kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.settings().admin())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
    }

    private static PipelineSpec spec(String yaml) {
        return SpecReader.read(HEAD + yaml.indent(2), "p.yaml");
    }

    private static SourceSpec clicks() {
        return spec(CLICKS).sources().get(0);
    }

    private SourcesApp app(String yaml, Map<String, KafkaSettings> others) throws SourceException {
        SourceClusters clusters = new SourceClusters(own.settings(), others);
        SourcesApp app =
                SourcesApp.start(spec(yaml), Path.of("."), clusters, Optional.empty(), Clock.systemUTC(), metrics);
        open.add(app);
        return app;
    }

    private SourcesApp app() throws SourceException {
        return app(CLICKS, Map.of("shop", shop.settings()));
    }

    private void click(int i) {
        send(i % 2, "{\"user\": \"u" + i % 50 + "\"}");
    }

    private void send(int partition, String value) {
        shopProducer.send(new ProducerRecord<>(TOPIC, partition, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> places(String topic, int perPartition) {
        return Stream.of(0, 1)
                .flatMap(partition ->
                        IntStream.range(0, perPartition).mapToObj(offset -> topic + "-" + partition + "-" + offset))
                .toList();
    }

    /** All that are there once the source has read as much. */
    private List<String> eventIds(int read) {
        own.read(Topic.SOURCE_OFFSETS, PATIENCE, records -> sum(records) >= read);
        // What was committed with the last offsets stands before this, and a second copy of anything would, too.
        Event mark = new Event("mark", "mark", 0L, Map.of(), Map.of());
        try (Producer<byte[], byte[]> producer = own.producer()) {
            producer.send(new ProducerRecord<>("events", events.encode(mark)));
        }
        List<String> ids = own
                .read(
                        Topic.EVENTS,
                        PATIENCE,
                        records -> !records.isEmpty()
                                && events.decode(records.get(records.size() - 1).value())
                                        .equals(mark))
                .stream()
                .map(record -> events.decode(record.value()).getId())
                .toList();
        return ids.subList(0, ids.size() - 1);
    }

    private long sum(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Integer, Long> next = new HashMap<>();
        records.forEach(record -> {
            SourceOffset offset = offsets.decode(record.value());
            next.put(offset.getPartition(), offset.getNextOffset());
        });
        return next.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void eachRecordBecomesOneEventWhoeverDiesOnTheWay() throws Exception {
        IntStream.range(0, 4000).forEach(this::click);
        shopProducer.flush();
        open.add(killedInTheMiddle());
        app();
        own.read(Topic.EVENTS, PATIENCE, records -> records.size() >= 500);
        // The first one goes on, as a process does that was cut off: whoever starts later shuts it out.
        app();
        IntStream.range(4000, 6000).forEach(this::click);
        own.restart();
        IntStream.range(6000, 8000).forEach(this::click);
        shopProducer.flush();
        shop.restart();
        IntStream.range(8000, 9000).forEach(this::click);
        shopProducer.flush();
        assertThat(eventIds(9000)).containsExactlyInAnyOrderElementsOf(places("shop:shop.clicks", 4500));
    }

    /** One that has written results and offsets, and neither committed nor aborted them. */
    private Producer<byte[], byte[]> killedInTheMiddle() {
        Producer<byte[], byte[]> killed = transactional("millrace-source-clicks", "60000");
        killed.beginTransaction();
        Event event = new Event("shop:shop.clicks-0-0", "click", 0L, Map.of(), Map.of());
        killed.send(new ProducerRecord<>("events", events.encode(event)));
        of(clicks()).add(killed, next(0, 1));
        killed.flush();
        return killed;
    }

    private Producer<byte[], byte[]> transactional(String id, String timeoutMs) {
        Properties properties = own.settings().producer();
        properties.setProperty(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        properties.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeoutMs);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private TopicOffsets of(SourceSpec source) {
        return TopicOffsets.of(source, "shop", own.settings(), shop.settings());
    }

    private static Map<TopicPartition, OffsetAndMetadata> next(int partition, long offset) {
        return Map.of(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(offset));
    }

    @Test
    void oneThatIsClosedGoesOnWhereItWas() throws Exception {
        IntStream.range(0, 1000).forEach(this::click);
        SourcesApp first = app();
        own.read(Topic.EVENTS, PATIENCE, records -> !records.isEmpty());
        first.close();
        IntStream.range(1000, 2000).forEach(this::click);
        shopProducer.flush();
        app();
        assertThat(eventIds(2000)).containsExactlyInAnyOrderElementsOf(places("shop:shop.clicks", 1000));
    }

    @Test
    void aTopicOfTheSameNameInBothClustersIsTwo() throws Exception {
        create(own);
        click(0);
        send(0, "garbage");
        shopProducer.flush();
        try (Producer<byte[], byte[]> producer = own.producer()) {
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "{\"user\": \"ann\"}".getBytes(StandardCharsets.UTF_8)));
        }
        app(
                CLICKS + CLICKS.replace("clicks:", "views:").replace("  cluster: shop\n", ""),
                Map.of("shop", shop.settings()));
        assertThat(own.read(Topic.EVENTS, PATIENCE, records -> records.size() >= 2))
                .extracting(record -> events.decode(record.value()).getId())
                .containsExactlyInAnyOrder("shop:shop.clicks-0-0", "shop.clicks-0-0");
        Codec<DeadLetter> letters = Codec.of(DeadLetter.class);
        assertThat(own.read(Topic.DEAD_LETTERS, PATIENCE, records -> !records.isEmpty()))
                .extracting(record -> letters.decode(record.value()).getTopic())
                .containsExactly("shop:shop.clicks");
    }

    @Test
    void whatIsCommittedIsFoundBehindWhatOthersHaveNotCommitted() {
        Producer<byte[], byte[]> other = transactional("other", "1000");
        open.add(other);
        other.beginTransaction();
        other.send(new ProducerRecord<>("source-offsets", new byte[1], new byte[1]));
        other.flush();
        try (Producer<byte[], byte[]> producer = transactional("clicks", "60000")) {
            TopicOffsets read = of(clicks());
            producer.beginTransaction();
            read.add(producer, next(0, 41));
            read.add(producer, next(1, 7));
            producer.commitTransaction();
            producer.beginTransaction();
            read.add(producer, next(0, 43));
            producer.commitTransaction();
            producer.beginTransaction();
            of(spec(CLICKS.replace("clicks:", "views:")).sources().get(0)).add(producer, next(0, 99));
            read.add(producer, next(0, 98));
            producer.abortTransaction();
        }
        TopicPartition first = new TopicPartition(TOPIC, 0);
        assertThat(of(clicks()).read(Set.of(first))).isEqualTo(Map.of(first, 43L));
    }

    @Test
    void anotherKafkaUnderTheSameNameIsRefused() throws Exception {
        try (TestingKafka another = TestingKafka.start(1);
                Producer<byte[], byte[]> producer = own.producer()) {
            of(clicks()).add(producer, next(0, 41));
            producer.flush();
            TopicOffsets moved = TopicOffsets.of(clicks(), "shop", own.settings(), another.settings());
            assertThatThrownBy(() -> moved.read(Set.of(new TopicPartition(TOPIC, 0))))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageMatching("clicks: cluster shop: \\S+ \\(expected: \\S+, where shop.clicks-0 was read to"
                            + " 41; another Kafka has another name\\)");
        }
    }

    @Test
    void noSourceIsATopicOfOursUnderAnotherNameOfOurKafka() {
        SourceSpec loop = spec(CLICKS.replace("topic: shop.clicks", "topic: events"))
                .sources()
                .get(0);
        assertThat(of(loop)).isNotNull();
        assertThatThrownBy(() -> TopicOffsets.of(loop, "shop", own.settings(), own.settings()))
                .isInstanceOf(KafkaException.class)
                .hasMessage("clicks: topic shop:events: cluster shop is Millrace's own Kafka, and so is the topic"
                        + " (expected: a topic of others)");
    }

    @Test
    void whereClustersAreHasToBeSaid() {
        String yaml = CLICKS
                + CLICKS.replace("clicks:", "views:")
                        .replace("cluster: shop", "cluster: ship\n  id: id\n  format: avro\n  framing: confluent")
                + "letters: {topic: dead-letters, as: items, id: i}\n";
        assertThatThrownBy(() -> app(yaml, Map.of("shops", shop.settings())))
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "sources:\n"
                                + "  sources.letters.topic: dead-letters (expected: a topic of others: this one is Millrace's own)\n"
                                + "  sources.clicks.cluster: shop (expected: shops? or cluster.shop.bootstrap.servers in the deployment, which has shops)\n"
                                + "  sources.views.cluster: ship (expected: cluster.ship.bootstrap.servers in the deployment, which has shops)\n"
                                + "  registry.url: missing (expected: in the deployment, where the schemas of sources.views are)");
    }
}
