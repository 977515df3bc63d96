package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import io.millrace.local.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FromSpecTest {
    private static final String SAME = "the same";
    private static final String STARTS = "starts with the weights of another model";

    @TempDir
    private Path directory;

    private Path data;
    private Path model;

    @BeforeEach
    void save() throws Exception {
        data = Files.writeString(
                directory.resolve("a.csv"),
                IntStream.range(0, 300)
                        .mapToObj(i -> i % 3 % 2 + ",o" + i % 5 + ",d" + i % 7 + "," + i % 11 + "\n")
                        .collect(Collectors.joining("", "y,origin,destination,age\n", "")));
        model = directory.resolve("m");
        flags(new TestingRun(data, "y"))
                .model(null, Map.of("bits", "12", "beta", "2", "alpha", "0.2"))
                .save(model)
                .run();
    }

    private static TestingRun flags(TestingRun run) {
        return run.features(
                "origin,destination", "age", List.of("origin*destination", "origin*lag_1"), List.of("age:2"), 2);
    }

    @Test
    void theSameFlagsInAnyOrderGoOn() throws Exception {
        TestingRun plain = new TestingRun(data, "y").from(model);
        String digest = plain.run().digest();
        TestingRun all = from().features(
                        "destination,origin",
                        "age",
                        List.of("lag_1*origin", "destination*origin"),
                        List.of("age:2.0"),
                        2)
                .learner(LearnerKind.FTRL, Map.of("bits", "12", "seed", "0", "ids.table", "hashed"));
        for (TestingRun run : List.of(plain, all)) {
            run.save(directory.resolve("again"));
            assertThat(run.run().digest()).isEqualTo(digest);
            assertThat(run.told()).contains("goes on after 300 examples");
            assertThat(directory.resolve("again/spec.yaml")).hasSameBinaryContentAs(model.resolve("spec.yaml"));
        }
    }

    @Test
    void aSettingThatChangesNoRowsMeaningIsAllThatChanges() throws Exception {
        TestingRun run = from().set(Map.of("alpha", "0.5"))
                .save(directory.resolve("again"))
                .limit(50);
        run.run();
        assertThat(run.told()).contains(STARTS);
        PipelineSpec before = read(model);
        PipelineSpec after = read(directory.resolve("again"));
        assertThat(after.model().learner()).isEqualTo(LearnerKind.FTRL);
        assertThat(after.model().settings()).containsEntry("alpha", 0.5).containsEntry("beta", 2.0);
        assertThat(after.withModel(before.model())).isEqualTo(before);
    }

    @Test
    void aSpecOfOnesOwnKeepsWhatItSays() throws Exception {
        Path spec = Files.writeString(directory.resolve("own.yaml"), """
                pipeline: own
                decision: {subject: origin, context: {age: numeric}, candidate: {destination: categorical}}
                feedback: {reward: {click: 1.50}, window: 30m}
                model: {learner: auto, bits: 14, ids: {table: exact, rows: 5000}}
                """);
        Path own = directory.resolve("own");
        new TestingRun(data, "y").spec(spec).save(own).run();
        TestingRun run = new TestingRun(data, "y")
                .from(own)
                .set(Map.of("drift", "ignore", "ids.admit", "1"))
                .save(directory.resolve("again"));
        run.run();
        assertThat(run.told()).contains(STARTS);
        assertThat(read(directory.resolve("again")).withModel(read(own).model()))
                .isEqualTo(read(own));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            the same           | learner=coin    | learner: coin   | ftrl
            the same           | learner=auto    | learner: auto   | ftrl
            the same           | loss=squared    | loss: squared   | logistic
            the same           | bits=13         | bits: 13        | 12
            the same           | seed=7          | seed: 7         | 0
            the same           | offset=age      | offset: age     | none
            the same           | ids.table=exact | ids.table: exact | hashed
            no crosses         | -               | crosses: []     | [[origin, destination], [origin, lag_1]]
            no bins            | -               | bins: {}        | {age: steps of 2.0}
            no age             | -               | feature age: none | numeric
            three lags         | -               | feature lag_3: categorical | none
            age as a name      | -               | feature age: categorical | numeric
            """)
    void whatWouldGiveRowsAnotherMeaningIsNamedWithBothValues(String flags, String setting, String given, String saved)
            throws IOException {
        List<String> crosses = List.of("origin*destination", "origin*lag_1");
        TestingRun run = switch (flags) {
            case "no crosses" -> from().features("origin,destination", "age", List.of(), List.of("age:2"), 2);
            case "no bins" -> from().features("origin,destination", "age", crosses, List.of(), 2);
            case "no age" -> from().features("origin,destination", "", crosses, List.of(), 2);
            case "three lags" -> from().features("origin,destination", "age", crosses, List.of("age:2"), 3);
            case "age as a name" -> from().features("origin,destination,age", "", crosses, List.of(), 2);
            case SAME -> flags(from());
            default -> throw new AssertionError(flags);
        };
        if (setting != null) {
            int equals = setting.indexOf('=');
            run.set(Map.of(setting.substring(0, equals), setting.substring(equals + 1)));
        }
        assertThatThrownBy(run::run)
                .isInstanceOf(StartException.class)
                .hasMessage("--from: " + given + " (expected: " + saved + ", as saved in " + model
                        + "; leave the flags out, or give the same)");
    }

    @Test
    void anotherSpecMustHaveTheSameStructureToo() throws Exception {
        String yaml = Files.readString(model.resolve("spec.yaml"));
        Path other = Files.writeString(directory.resolve("s.yaml"), yaml.replace("alpha: 0.2", "alpha: 0.3"));
        TestingRun run = from().spec(other);
        run.run();
        assertThat(run.told()).contains(STARTS);
        Path wider = Files.writeString(directory.resolve("s.yaml"), yaml.replace("age: 2", "age: 3"));
        assertThatThrownBy(() -> from().spec(wider).run())
                .hasMessage("--from: bins: {age: steps of 3.0} (expected: {age: steps of 2.0}, as saved in " + model
                        + "; leave --spec out, or give the same)");
    }

    @Test
    void aWrongSettingIsToldAsEver() {
        assertThatThrownBy(() -> from().set(Map.of("alpha", "0", "bit", "3")).run())
                .hasMessageContaining("model.alpha: 0 (expected: a number above 0)")
                .hasMessageContaining("model.bit: unknown (expected: bits?)");
    }

    private TestingRun from() {
        return new TestingRun(data, "y").from(model);
    }

    private static PipelineSpec read(Path saved) throws IOException {
        return SpecReader.read(Files.readString(saved.resolve("spec.yaml")), "spec.yaml");
    }
}
