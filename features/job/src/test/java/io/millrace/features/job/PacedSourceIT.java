package io.millrace.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.job.pace.PacedSource;
import io.millrace.testkit.TestingKafka;
import io.millrace.wire.Topic;
import java.time.Clock;
import java.util.Random;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

class PacedSourceIT {
    private static final int RECORDS = 20_000;
    private static final int LARGE = 2_000;
    private static final int SMALL = 20;

    @Test
    void topicsOfLargeAndSmallRecordsAreReadAsTheyWereWritten() throws Exception {
        try (TestingKafka kafka = TestingKafka.start(1);
                TestingTopics topics = new TestingTopics(kafka)) {
            Random random = new Random(1);
            long begin = System.currentTimeMillis() - 3_600_000;
            for (int i = 0; i < RECORDS; i++) {
                byte[] large = new byte[LARGE];
                random.nextBytes(large);
                topics.send(Topic.DECISIONS, large, begin + i);
                topics.send(Topic.FEEDBACK, new byte[SMALL], begin + i);
            }
            topics.flush();
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
            environment.setParallelism(1);
            DataStream<byte[]> both =
                    read(environment, kafka, Topic.DECISIONS).union(read(environment, kafka, Topic.FEEDBACK));
            int most = both.process(new Difference(), Types.INT)
                    .executeAndCollect(1)
                    .get(0);
            assertThat(most).isLessThan(RECORDS / 4);
        }
    }

    private static DataStream<byte[]> read(StreamExecutionEnvironment environment, TestingKafka kafka, Topic topic) {
        KafkaSource<byte[]> source = KafkaSource.<byte[]>builder()
                .setProperties(kafka.settings().consumer())
                .setTopics(kafka.settings().name(topic))
                .setGroupId("paced")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setValueOnlyDeserializer(new AsTheyAre())
                .build();
        return environment.fromSource(
                new PacedSource<>(source, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO, Clock.systemUTC()),
                WatermarkStrategy.noWatermarks(),
                topic.text());
    }

    private static final class AsTheyAre extends AbstractDeserializationSchema<byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] deserialize(byte[] message) {
            return message;
        }
    }

    /** By how many records one topic was ahead of the other at most, when all have come. */
    private static final class Difference extends ProcessFunction<byte[], Integer> {
        private static final long serialVersionUID = 1L;

        private int large;
        private int small;
        private int most;

        @Override
        public void processElement(byte[] value, Context context, Collector<Integer> out) {
            if (value.length == LARGE) {
                large++;
            } else {
                small++;
            }
            most = Math.max(most, Math.abs(large - small));
            if (large + small == 2 * RECORDS) {
                out.collect(most);
            }
        }
    }
}
