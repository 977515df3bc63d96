package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.ingestion.table.TableFormat;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPlanTest {
    private static final PipelineSpec SPEC = SpecReader.read("""
            pipeline: all
            decision:
              subject: user
              context: {hour: categorical}
              candidate:
                item: categorical
                genres: categorical_set
                words: weighted_set
                history: sequence
                age: numeric
                taste: embedding
            feedback: {reward: {reward: 1}}
            """, "all.yaml");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void makesTheVectorsThatServingMakesOfTheSameValues(long seed) throws Exception {
        Random random = new Random(seed);
        ObjectMapper json = new ObjectMapper();
        StringBuilder text = new StringBuilder();
        List<byte[]> expected = new ArrayList<>();
        ValueEncoder encoder = new ValueEncoder(SPEC.featureSet().features(), 0, (hash, field, value) -> {});
        FeatureVector vector = new FeatureVector(SPEC.featureSet());
        for (int i = 0; i < 50; i++) {
            Map<String, Object> values = values(random);
            text.append(json.writeValueAsString(values)).append('\n');
            encoder.encode(
                    values,
                    "row",
                    vector.clear(),
                    problem -> assertThat(problem).isNull());
            expected.add(vector.pack());
        }
        try (Table table = Table.read(
                "x", new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)), TableFormat.NDJSON)) {
            Iterator<Row> rows = table.iterator();
            Sample sample = Sample.of("x", table, rows, false);
            List<Problem> problems = new ArrayList<>();
            RowPlan plan = RowPlan.bind(
                    SPEC,
                    new RowPlan.Source(
                            table, sample, FeatureNames.of(sample.columns()), EventTime.none(), false, new Lags(0, 0)),
                    Set.of(),
                    problems);
            assertThat(problems).isEmpty();
            int i = 0;
            for (Row row : sample.rows()) {
                plan.fill(row, vector);
                assertThat(vector.pack()).as("seed %s, row %s", seed, i).isEqualTo(expected.get(i++));
            }
        }
    }

    /** Sets are never empty: in a file, an empty list is no value. */
    private static Map<String, Object> values(Random random) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("user", "u" + random.nextInt(9));
        all.put("hour", random.nextInt(24));
        all.put("item", Long.toString(random.nextLong()));
        all.put("genres", names(random));
        all.put("words", new TreeMap<>(Map.of("a", random.nextFloat(), "b" + random.nextInt(5), 2)));
        all.put("history", names(random));
        all.put("age", random.nextGaussian() * 100);
        all.put("taste", List.of(random.nextFloat(), 1, -random.nextFloat()));
        all.keySet().removeIf(name -> random.nextInt(5) == 0);
        all.putIfAbsent("hour", 1);
        return all;
    }

    private static List<String> names(Random random) {
        return random.ints(1 + random.nextInt(6), 0, 5).mapToObj(i -> "n" + i).toList();
    }
}
