package io.millrace.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/** The container engine of this machine, and the images that tests start. */
final class Engine {
    private static final Optional<String> LACK = lack();

    private Engine() {}

    /** What is not there that tests need. Asked of the command line, since Testcontainers tries for minutes. */
    private static Optional<String> lack() {
        Optional<String> lack = succeeds("docker", "info")
                ? Stream.of("apache/kafka:4.2.0", "flink:2.2.1-java17", "eclipse-temurin:17-jre")
                        .map(name -> image(name).asCanonicalNameString())
                        .filter(image -> !succeeds("docker", "image", "inspect", image)
                                && !succeeds("docker", "pull", "--quiet", image))
                        .findFirst()
                        .map(image -> "the image " + image + " cannot be had")
                : Optional.of("no container engine answers \"docker info\"");
        lack.ifPresent(what -> System.out.println("Tests with containers are skipped: " + what + "."));
        return lack;
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Skips what follows where something is not there. */
    static void isNeeded() {
        assumeTrue(LACK.isEmpty(), () -> LACK.orElse(""));
    }

    /** A public image, or what stands in for it here: {@code -Dmillrace.image.kafka=...}. */
    static DockerImageName image(String name) {
        String key = "millrace.image." + kind(name);
        return DockerImageName.parse(System.getProperty(key, name))
                .asCompatibleSubstituteFor(name.replaceAll(":.*", ""));
    }

    private static String kind(String name) {
        return switch (name.replaceAll(":.*", "")) {
            case "apache/kafka" -> "kafka";
            case "flink" -> "flink";
            case "eclipse-temurin" -> "java";
            default -> throw new IllegalArgumentException(name + ": no image that tests use");
        };
    }

    /** An image of ours, made from what the build has laid out. */
    static ImageFromDockerfile build(Path context) {
        return new ImageFromDockerfile("millrace-test/" + context.getFileName(), false)
                .withFileFromPath(".", context)
                .withBuildArg("JAVA_IMAGE", image("eclipse-temurin:17-jre").asCanonicalNameString())
                .withBuildArg("FLINK_IMAGE", image("flink:2.2.1-java17").asCanonicalNameString());
    }
}
