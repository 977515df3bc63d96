package io.millrace.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that builds and starts, with Maven and a project of a few files in the layout of this one. */
class LauncherIT {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final String MAIN = """
            package io.millrace.local.cli;

            import java.nio.file.Files;
            import java.nio.file.Path;

            public final class Millrace {
                public static void main(String[] arguments) throws Exception {
                    switch (arguments[0]) {
                        case "hold" -> {
                            System.out.println("holding");
                            while (!Files.exists(Path.of(arguments[1]))) {
                                Thread.sleep(20);
                            }
                            System.out.println(Later.text());
                        }
                        case "look" -> {
                            System.out.println(Millrace.class.getResource(arguments[1]) != null);
                        }
                        default -> System.out.println("up");
                    }
                }
            }
            """;
    private static final String LATER = """
            package io.millrace.local.cli;

            final class Later {
                static String text() {
                    return "%s";
                }
            }
            """;

    @TempDir
    private static Path directory;

    private static Path home;
    private static Path sources;

    @BeforeAll
    static void layOut() throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "mvn"))),
                "mvn on the PATH");
        // A space, since people have such directories.
        home = directory.resolve("a checkout");
        sources = home.resolve("infra/local/src/main/java/io/millrace/local/cli");
        for (String folder : List.of(
                ".mvn",
                "avro-schemas",
                "ingestion",
                "features",
                "online-trainer",
                "serving",
                "infra/broker",
                "infra/testkit")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.createDirectories(sources);
        Files.copy(ROOT.resolve("millrace"), home.resolve("millrace"), StandardCopyOption.COPY_ATTRIBUTES);
        Path arguments = Path.of("infra/local/src/main/launcher/jvm.args");
        Files.createDirectories(home.resolve(arguments).getParent());
        Files.copy(ROOT.resolve(arguments), home.resolve(arguments));
        String repository = System.getProperty("localRepository");
        Files.writeString(
                home.resolve(".mvn/maven.config"),
                "-o\n" + (repository == null ? "" : "-Dmaven.repo.local=" + repository + "\n"));
        String rootPom = Files.readString(ROOT.resolve("pom.xml"));
        Files.writeString(home.resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>io.millrace.launched</groupId>
                  <artifactId>root</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <modules><module>infra/local</module></modules>
                </project>
                """);
        Files.writeString(home.resolve("infra/pom.xml"), "<project/>\n");
        Files.writeString(home.resolve("infra/local/pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>io.millrace.launched</groupId>
                    <artifactId>root</artifactId>
                    <version>1</version>
                    <relativePath>../../pom.xml</relativePath>
                  </parent>
                  <artifactId>infra-local</artifactId>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <build>
                    <plugins>
                      %s
                      <plugin>
                        <artifactId>maven-dependency-plugin</artifactId>
                        <executions>
                          <execution>
                            <goals><goal>build-classpath</goal></goals>
                            <phase>package</phase>
                            <configuration><outputFile>${project.build.directory}/class-path</outputFile></configuration>
                          </execution>
                        </executions>
                      </plugin>
                    </plugins>
                    <pluginManagement><plugins>%s</plugins></pluginManagement>
                  </build>
                </project>
                """.formatted(
                        plugin(rootPom, "maven-resources-plugin")
                                + plugin(rootPom, "maven-compiler-plugin")
                                + plugin(rootPom, "maven-surefire-plugin")
                                + plugin(rootPom, "maven-jar-plugin"),
                        plugin(rootPom, "maven-dependency-plugin")));
        Files.writeString(sources.resolve("Millrace.java"), MAIN);
        Files.writeString(sources.resolve("Later.java"), LATER.formatted("first"));
        TestingMillrace first = launch("up");
        assertThat(first.awaitExit(PATIENCE)).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("up\n");
    }

    /** At the version that the whole project has of it: that one is there. */
    private static String plugin(String rootPom, String name) {
        Matcher found = Pattern.compile(name + "</artifactId>\\s*<version>(?:\\$\\{(.*?)}|(.*?))</version>")
                .matcher(rootPom);
        assertThat(found.find()).as(name).isTrue();
        String version = found.group(2);
        if (version == null) {
            version = rootPom.replaceFirst("(?s).*<" + found.group(1) + ">(.*?)<.*", "$1");
        }
        return "<plugin><artifactId>" + name + "</artifactId><version>" + version + "</version></plugin>";
    }

    private static TestingMillrace launch(String... arguments) throws IOException {
        return TestingMillrace.launch(home.resolve("millrace"), directory, Map.of(), arguments);
    }

    private static String done(String... arguments) throws IOException, InterruptedException {
        try (TestingMillrace millrace = launch(arguments)) {
            assertThat(millrace.awaitExit(PATIENCE)).as(millrace.err()).isZero();
            return millrace.out();
        }
    }

    private static List<Path> builds() throws IOException {
        try (Stream<Path> found = Files.list(home.resolve(".builds"))) {
            return found.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static Path lock() {
        return home.resolve(".builds/lock");
    }

    @Test
    void whatIsBuiltIsStartedAsItIs() throws Exception {
        List<Path> builds = builds();
        try (TestingMillrace again = launch("up")) {
            assertThat(again.awaitExit(PATIENCE)).isZero();
            assertThat(again.err()).isEmpty();
        }
        assertThat(builds()).isEqualTo(builds).hasSize(1);
        assertThat(builds.get(0).resolve("classes.jsa")).isNotEmptyFile();
    }

    @Test
    void ofTwoThatFindChangedSourcesOneBuildsAndTheOtherWaits() throws Exception {
        Files.writeString(sources.resolve("Other.java"), "package io.millrace.local.cli;\n\nfinal class Other {}\n");
        try (TestingMillrace builds = launch("look", "Other.class")) {
            Waiting.until("it builds", () -> builds.err().contains("building;"));
            try (TestingMillrace waits = launch("look", "Other.class")) {
                assertThat(builds.awaitExit(PATIENCE)).as(builds.err()).isZero();
                assertThat(waits.awaitExit(PATIENCE)).as(waits.err()).isZero();
                assertThat(builds.out()).isEqualTo("true\n");
                assertThat(waits.out()).isEqualTo("true\n");
                assertThat(waits.err())
                        .isEqualTo("millrace: waiting for process " + builds.pid() + ", which is building (" + lock()
                                + ") ...\n");
            }
        }
        assertThat(Files.isSymbolicLink(lock())).isFalse();
    }

    @Test
    void whatRunsKeepsItsJarsWhileTheNextAreBuiltAndUntilItEnds() throws Exception {
        String before = done("hold", home.resolve("pom.xml").toString());
        Path signal = directory.resolve("go on");
        try (TestingMillrace runs = launch("hold", signal.toString())) {
            Waiting.until("it runs", () -> runs.out().contains("holding"));
            Path own = builds().get(0);
            Files.writeString(sources.resolve("Later.java"), LATER.formatted("second"));
            assertThat(done("hold", home.resolve("pom.xml").toString())).isEqualTo("holding\nsecond\n");
            assertThat(builds()).contains(own).hasSize(2);

            Files.createFile(signal);
            assertThat(runs.awaitExit(PATIENCE)).as(runs.err()).isZero();
            assertThat(runs.out()).isEqualTo(before);
            Files.writeString(sources.resolve("Later.java"), LATER.formatted("third"));
            assertThat(done("hold", home.resolve("pom.xml").toString())).isEqualTo("holding\nthird\n");
            assertThat(builds()).doesNotContain(own).hasSize(1);
        }
    }

    @Test
    void aFileThatIsRemovedOrRenamedIsNoticed() throws Exception {
        Path resources = home.resolve("infra/local/src/main/resources/io/millrace/local/cli");
        Files.createDirectories(resources);
        Path old = Files.writeString(resources.resolve("old.txt"), "text");
        assertThat(done("look", "old.txt")).isEqualTo("true\n");
        // The time of its last change stays what it was.
        Path renamed = Files.move(old, resources.resolve("new.txt"));
        assertThat(done("look", "old.txt")).isEqualTo("false\n");
        assertThat(done("look", "new.txt")).isEqualTo("true\n");
        Files.delete(renamed);
        assertThat(done("look", "new.txt")).isEqualTo("false\n");
    }

    @Test
    void theLockOfABuilderThatWasKilledHoldsNobodyUp() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(lock(), Path.of(Long.toString(dead.pid())));
        Files.writeString(sources.resolve("Later.java"), LATER.formatted("after a kill"));
        assertThat(done("hold", home.resolve("pom.xml").toString())).isEqualTo("holding\nafter a kill\n");
        assertThat(Files.isSymbolicLink(lock())).isFalse();
    }

    @Test
    void aBuildThatFailsLeavesNothingBehind() throws Exception {
        List<Path> builds = builds();
        Path wrong = Files.writeString(sources.resolve("Wrong.java"), "no Java\n");
        try (TestingMillrace millrace = launch("up")) {
            assertThat(millrace.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(millrace.err()).contains("ERROR", "the build failed; everything it said is in");
        } finally {
            Files.delete(wrong);
        }
        assertThat(builds()).isEqualTo(builds);
        assertThat(Files.isSymbolicLink(lock())).isFalse();
        assertThat(done("up")).isEqualTo("up\n");
        assertThat(builds()).isEqualTo(builds);
    }

    @Test
    void anOptionThatTheJvmRefusesIsToldWithTheVariableThatHasIt() throws Exception {
        try (TestingMillrace millrace = TestingMillrace.launch(
                home.resolve("millrace"), directory, Map.of("MILLRACE_JAVA_OPTS", "-Xmx1g -Xms2x"), "up")) {
            assertThat(millrace.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(millrace.err())
                    .startsWith("millrace: MILLRACE_JAVA_OPTS: -Xmx1g -Xms2x (expected: options that ")
                    .contains("Invalid initial heap size: -Xms2x");
        }
        try (TestingMillrace millrace = TestingMillrace.launch(
                home.resolve("millrace"), directory, Map.of("MILLRACE_JAVA_OPTS", "-Xmx1g"), "up")) {
            assertThat(millrace.awaitExit(PATIENCE)).as(millrace.err()).isZero();
        }
    }
}
