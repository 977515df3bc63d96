package io.millrace.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.own.BenchSpec;
import io.millrace.bench.own.ExampleLog;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.ingestion.table.DataException;
import io.millrace.local.learn.ExampleOptions;
import io.millrace.local.learn.LearnOptions;
import io.millrace.local.learn.LearnRun;
import io.millrace.trainer.learn.ShardLearner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFileTest {
    @TempDir
    private Path directory;

    @Test
    void flagsSayWhatIsWhat() throws Exception {
        DataSet data = read(
                "a.csv",
                """
                at,delay,distance,from,note
                2001-01-01T08:30:00,16,249,SFO,x
                2001-01-02T23:00:00,15,,,y
                2001-01-02T23:00:00,20,500,LAX,z
                """,
                "delay > 15",
                "at",
                new LearnOptions.Features(
                        List.of("from,hour"), List.of(), List.of("from*hour"), List.of("distance:250"), 1));
        assertThat(data.name()).isEqualTo("a");
        assertThat(data.origin()).isEqualTo("a.csv: delay > 15");
        assertThat(data.labels()).containsExactly(true, false, true);
        assertThat(data.columns()).extracting(Column::name).containsExactly("distance", "from", "hour", "lag_1");
        assertThat(data.crosses()).containsExactly(List.of("from", "hour"));
        assertThat(data.categorical("from").codes()).containsExactly(0, Column.MISSING, 1);
        assertThat(data.categorical("hour").text(1)).isEqualTo("23");
        assertThat(data.categorical("lag_1").codes()).containsExactly(Column.MISSING, 0, 1);
        assertThat(data.categorical("lag_1").text(2)).isEqualTo("0");
        assertThat(elements(data, "distance", 0)).containsExactly(new Elements.Element("0", 1));
        assertThat(elements(data, "distance", 1)).isEmpty();
        assertThat(elements(data, "distance", 2)).containsExactly(new Elements.Element("2", 1));
    }

    @Test
    void aNamespaceOfVowpalWabbitIsASetAndNeedsNoFlags() throws Exception {
        DataSet data = read("a.vw", "1 |u a b:0.5 a\n-1 |u c |i x\n", null, null, ExampleOptions.NONE.features());
        assertThat(data.labels()).containsExactly(true, false);
        assertThat(elements(data, "u", 0))
                .containsExactly(new Elements.Element("a", 2), new Elements.Element("b", 0.5f));
        assertThat(elements(data, "i", 0)).isEmpty();
        assertThatThrownBy(() -> read("b.vw", "1 |u a\n-1 2 |u c\n", null, null, ExampleOptions.NONE.features()))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith(
                        "b.vw, line 2, column importance: 2 (expected: 1, or none: all examples weigh the same here)");
    }

    /** What the learner is given is what it would be given by millrace learn. */
    @Test
    void theModelIsTheOneThatLearnMakesOfTheFile() throws Exception {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("y,user,age,tags\n");
        for (int i = 0; i < 300; i++) {
            text.append(random.nextInt(2))
                    .append(",u")
                    .append(random.nextInt(9))
                    .append(',')
                    .append(random.nextInt(5) == 0 ? "" : Integer.toString(random.nextInt(80)))
                    .append(",t\n");
        }
        LearnOptions.Features features =
                new LearnOptions.Features(List.of("user,tags"), List.of(), List.of("user*age"), List.of("age"), 1);
        DataSet data = read("a.csv", text.toString(), "y", null, features);
        PipelineSpec spec = BenchSpec.of(data, "{learner: ftrl, bits: 12}");
        try (ShardLearner learner = new ShardLearner(spec, "l", 0)) {
            byte[][] log = ExampleLog.of(data, spec.featureSet());
            for (int i = 0; i < log.length; i++) {
                assertThat(learner.learn(i, log[i], 0, log[i].length)).isEmpty();
            }
            assertThat(learner.digest()).isEqualTo(learned(features));
        }
    }

    private String learned(LearnOptions.Features features) throws Exception {
        LearnOptions options = new LearnOptions(
                directory.resolve("a.csv"),
                null,
                "y",
                null,
                features,
                new LearnOptions.Model(null, "ftrl", Map.of("bits", "12")),
                null,
                null,
                null,
                null,
                null,
                null,
                Long.MAX_VALUE,
                0,
                false);
        return new LearnRun(options, line -> {}, () -> 0).run().digest();
    }

    private static List<Elements.Element> elements(DataSet data, String name, int example) {
        return data.columns().stream()
                .filter(column -> column.name().equals(name))
                .map(column -> Elements.of(column).at(example))
                .findFirst()
                .orElseThrow();
    }

    private DataSet read(String name, String text, String label, String time, LearnOptions.Features features)
            throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        return DataSets.open(file.toString(), 1000, new ExampleOptions(null, label, time, features), line -> {})
                .get(0);
    }
}
