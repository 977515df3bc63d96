package io.millrace.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.DockerImageName;

/** The container engine of this machine, and the images that tests start. */
final class Engine {
    private static final boolean IS_THERE = answers();

    private Engine() {}

    private static boolean answers() {
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        if (!answers) {
            System.out.println(
                    "Tests with containers are skipped: no container engine answers (docker info tells why).");
        }
        return answers;
    }

    /** Skips what follows where there is none. */
    static void isNeeded() {
        assumeTrue(IS_THERE, "no container engine");
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
