package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong input: one clear sentence, exit code 2, and nothing started. */
class CommandLineIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SPEC = """
            pipeline: movies
            decision: {subject: user, candidate: {item: categorical}}
            feedback: {reward: {click: 1.0}}
            """;

    @TempDir
    private static Path directory;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws IOException {
        console = new TestingConsole(directory);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @Test
    void everyProblemOfASpecIsToldAtOnceWithItsPlace() throws Exception {
        write("wrong.yaml", """
                pipeline: movies
                decision:
                  subject: user
                  context: {hour: categorical}
                  candidate: {item: categorical}
                feedback:
                  reward: {click: 1.0}
                  window: 30
                crosses:
                  - [user, genres]
                modle: {bits: 12}
                policy: {epsilon: 1.7}
                """);
        assertThat(refusal("up", "--spec", "wrong.yaml", "--port", "0", "--kafka-port", "0"))
                .containsExactly(
                        "millrace: wrong.yaml:8:11: feedback.window: 30 (expected: a duration with its unit (us, ms, s,"
                                + " m, h, d), 1ms to 3650d)",
                        "wrong.yaml:10:12: crosses[0]: genres (expected: a declared feature: one of hour, item, user)",
                        "wrong.yaml:11:1: modle: unknown (expected: model?)",
                        "wrong.yaml:12:19: policy.epsilon: 1.7 (expected: 0 to 1)");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            up                                               | --spec: pipeline.yaml: no such file or directory (expected: a pipeline spec)
            up --spec .                                      | --spec: .: is a directory (expected: a pipeline spec)
            up --port many                                   | Invalid value for option '--port': 'many' is not an int
            up --spec ok.yaml --port 65536                   | --port: 65536 (expected: 0 to 65535)
            up --spec ok.yaml --port 0 --kafka-port -1       | --kafka-port: -1 (expected: 0 to 65535)
            learn                                            | Missing required option: '--data=FILE'
            learn --data nowhere.csv --label y               | nowhere.csv: missing (expected: a file that can be read)
            learn --data stars/ratings.csv                   | --label: missing (expected: a column, or an expression like 'delay > 15' or 'class = UP')
            learn --data stars/ratings.csv --label ratin>3   | stars/ratings.csv, line 1, column ratin: missing (expected: rating?; --label names it)
            learn --data columns/ratings.csv --label userId --set bit=9 | model.bit: unknown (expected: bits?)
            learn --data columns/ratings.csv --label userId --set alpha | --set: alpha (expected: KEY=VALUE)
            learn --data columns/ratings.csv --label userId --learner ftrl --set alpha=1 --set alpha=2 | --set: alpha=1 and --set alpha=2 (expected: one of them)
            learn --data columns/ratings.csv --label userId --learner ftrl --set learner=coin | --learner: ftrl and --set learner=coin (expected: one of them)
            learn --data columns/ratings.csv --label userId --predictions columns/ratings.csv | --predictions: columns/ratings.csv (expected: another file than that of --data)
            learn --data columns/ratings.csv --label userId --report .  | --report: . (expected: a file in a directory that exists)
            learn --data columns/ratings.csv --label userId --delay -1  | --delay: -1 (expected: 0 to 100000000)
            learn --data items/ratings.csv --label y --spec ok.yaml --loss squared | --spec: given with --loss (expected: the spec says it all, or flags do)
            learn --data columns/ratings.csv --label userId --from nowhere | --from: nowhere: no such file or directory (expected: what --save wrote: spec.yaml and model.base)
            model rebuild --without-erased --shard 1         | Missing required argument(s): --without=FROM..TO
            up --bogus                                       | Unknown option: '--bogus'
            upp                                              | Unmatched argument at index 0: 'upp'
            ''                                               | no command given (expected: one of up, demo, learn, model
            demo --audience nobody                           | Invalid value for option '--audience'
            demo --decisions 0                               | --decisions: 0 (expected: at least 1)
            demo --decisions 17975                           | --decisions: 17975 (expected: at most 17973, which is what the data holds)
            demo --rate -1                                   | --rate: -1.0 (expected: 0 to 1000000 decisions a second)
            demo --report nowhere/report.json                | --report: nowhere/report.json (expected: a file in a directory that exists)
            demo --report .                                  | --report: . (expected: a file in a directory that exists)
            demo --data nowhere.csv                          | nowhere.csv: missing (expected: a file that can be read)
            demo --audience ratings                          | --data: missing (expected: a MovieLens folder with ratings.csv and movies.csv)
            demo --audience ratings --data nowhere           | nowhere: no such folder (expected: a MovieLens folder with ratings.csv and movies.csv)
            demo --audience ratings --data stars             | ratings.csv, line 3, column rating: many (expected: a number, 0.0 to 5.0)
            demo --audience ratings --data columns           | ratings.csv, line 1, column rating: missing (expected: a header with it; it has userId, movieId, timestamp)
            """)
    void wrongArgumentsAreToldInOneSentence(String arguments, String sentence) throws Exception {
        write("ok.yaml", SPEC);
        folder("stars", "userId,movieId,rating,timestamp\n1,1,4.0,9\n1,1,many,9\n");
        folder("columns", "userId,movieId,timestamp\n1,1,9\n");
        folder("items", "item,y\n1,1\n");
        List<Path> before = files();
        assertThat(refusal(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .singleElement()
                .asString()
                .startsWith("millrace: ")
                .contains(sentence);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void everyFlagThatIsWrongIsToldAtOnce() throws Exception {
        assertThat(refusal("learn", "--data", "a.csv", "--limit", "x", "--delay", "y", "--nosuch"))
                .containsExactly(
                        "millrace: Invalid value for option '--limit': 'x' is not a long",
                        "Invalid value for option '--delay': 'y' is not an int",
                        "Unknown option: '--nosuch'; see millrace learn --help");
    }

    @Test
    void aPortInUseIsToldBeforeAnythingStarts() throws Exception {
        write("ok.yaml", SPEC);
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(held.getLocalPort());
            assertThat(refusal("up", "--spec", "ok.yaml", "--port", port, "--kafka-port", "0"))
                    .containsExactly("millrace: --port: " + port + " is in use (expected: a free port)");
            assertThat(refusal("up", "--spec", "ok.yaml", "--port", "0", "--kafka-port", port))
                    .containsExactly("millrace: --kafka-port: " + port + " is in use (expected: a free port)");
        }
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            other-format   | format 99 (expected: 1; start with another --data-dir)
            other-pipeline | pipeline flights (expected: movies; start with another --data-dir)
            not-ours       | has files but no millrace.properties (expected: an empty directory, or one that Millrace made)
            a-file         | cannot be written: not a directory (expected: a directory with write permission)
            a-file/data    | cannot be written: not a directory (expected: a directory with write permission)
            """)
    void aDataDirectoryThatCannotBeUsedIsLeftAsItIs(String name, String sentence) throws Exception {
        write("ok.yaml", SPEC);
        write("other-format/millrace.properties", "format=99\npipeline=movies\n");
        write("other-pipeline/millrace.properties", "format=1\npipeline=flights\n");
        write("not-ours/thesis.tex", "years of work");
        write("a-file", "");
        List<Path> before = files();
        assertThat(refusal("up", "--spec", "ok.yaml", "--data-dir", name, "--port", "0", "--kafka-port", "0"))
                .containsExactly(
                        "millrace: data directory " + directory.toRealPath().resolve(name) + ": " + sentence);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anUnwritableDataDirectoryIsToldInOneSentence() throws Exception {
        write("ok.yaml", SPEC);
        assertThat(refusal("up", "--spec", "ok.yaml", "--data-dir", unwritable(), "--port", "0", "--kafka-port", "0"))
                .singleElement()
                .asString()
                .endsWith("(expected: a directory with write permission)");
    }

    /** A place where not even the superuser can make a directory; elsewhere than on Linux, under a file. */
    private String unwritable() {
        Path processes = Path.of("/proc");
        return (Files.isDirectory(processes) ? processes : directory.resolve("ok.yaml"))
                .resolve("millrace")
                .toString();
    }

    @Test
    void helpShowsAnExample() throws Exception {
        for (String command : List.of("up", "demo", "learn")) {
            TestingConsole.Ended ended = console.run(command, "--help");
            assertThat(ended.exit()).isZero();
            assertThat(ended.out()).contains("Example").contains("millrace " + command);
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    void aProcessOfItsOwnEndsWithTheCodeOfItsCommand() throws Exception {
        try (TestingMillrace millrace = TestingMillrace.start(directory, "upp")) {
            assertThat(millrace.awaitExit(PATIENCE)).as(millrace.err()).isEqualTo(2);
            assertThat(millrace.out()).isEmpty();
            assertThat(millrace.err()).startsWith("millrace: Unmatched argument at index 0: 'upp'");
        }
    }

    /** The lines with which a command refuses. */
    private List<String> refusal(String... arguments) throws Exception {
        TestingConsole.Ended ended = console.run(arguments);
        assertThat(ended.exit()).as(ended.err()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).doesNotContain("Exception", "\tat ");
        return ended.err().lines().toList();
    }

    private void folder(String name, String ratings) throws IOException {
        write(name + "/movies.csv", "movieId,title,genres\n1,One,Drama\n");
        write(name + "/ratings.csv", ratings);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** What stands in the working directory, but for locks and what the test itself writes of its runs. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.toString().matches(".*(\\.out|\\.err|/lock)"))
                    .sorted()
                    .toList();
        }
    }
}
