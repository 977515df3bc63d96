package io.millrace.docker;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import io.millrace.docker.ComposeFile.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * Services of {@code compose.yaml}, started one by one with its images, commands, variables and volumes, but on ports of
 * loopback that are free. Used by one thread.
 */
final class ComposedLoop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path FOLDER = Path.of("").toAbsolutePath();

    private final ComposeFile compose;
    private final Network network = Network.newNetwork();
    private final String store = "millrace-test-" + UUID.randomUUID();
    private final Map<String, ImageFromDockerfile> built = new HashMap<>();
    private final Map<String, GenericContainer<?>> running = new HashMap<>();

    ComposedLoop(ComposeFile compose) {
        this.compose = compose;
    }

    /** Starts a service that goes on, and returns when the port answers under the path; more ports can be asked, too. */
    void start(String name, int port, String path, Integer... more) {
        List<Integer> ports = new ArrayList<>(List.of(more));
        ports.add(port);
        start(
                name,
                container(name, ports.toArray(new Integer[0]))
                        .waitingFor(Wait.forHttp(path).forPort(port).withStartupTimeout(PATIENCE)));
    }

    /** Starts a service that goes on, and returns when its log has a line. */
    void startUntilLogged(String name, String pattern, Integer... ports) {
        WaitStrategy logged = Wait.forLogMessage(pattern, 1).withStartupTimeout(PATIENCE);
        start(name, container(name, ports).waitingFor(logged));
    }

    /** Runs a service that ends, and fails if it did not end well. */
    void run(String name) {
        start(name, container(name).withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(PATIENCE)));
    }

    /** Where a service answers on this machine. */
    String address(String name, int port) {
        GenericContainer<?> container = Objects.requireNonNull(running.get(name), name);
        return "http://" + container.getHost() + ":" + container.getMappedPort(port);
    }

    private void start(String name, GenericContainer<?> container) {
        running.put(name, container);
        try {
            container.start();
        } catch (RuntimeException e) {
            throw new AssertionError(name + " did not start; its log:\n" + log(container), e);
        }
    }

    private static String log(GenericContainer<?> container) {
        return container.getContainerId() == null ? "" : container.getLogs();
    }

    private GenericContainer<?> container(String name, Integer... ports) {
        Service service = compose.service(name);
        GenericContainer<?> container = service.build().isEmpty()
                ? new GenericContainer<>(Engine.image(service.image()))
                : new GenericContainer<>(
                        built.computeIfAbsent(service.build(), build -> Engine.build(FOLDER.resolve(build))));
        container.withNetwork(network).withNetworkAliases(name).withEnv(service.environment());
        container.withExposedPorts(ports);
        container.withCreateContainerCmdModifier(command -> {
            HostConfig host = Objects.requireNonNull(command.getHostConfig());
            host.withBinds(service.volumes().stream().map(this::bind).toList());
        });
        if (!service.command().isEmpty()) {
            container.withCommand(service.command().toArray(new String[0]));
        }
        return container;
    }

    /** A file of ours by its whole path, the store under a name of its own. */
    private Bind bind(String volume) {
        List<String> parts = List.of(volume.split(":", 2));
        String source = parts.get(0).startsWith(".")
                ? FOLDER.resolve(parts.get(0)).normalize().toString()
                : store;
        return Bind.parse(source + ":" + parts.get(1));
    }

    @Override
    public void close() {
        running.values().forEach(GenericContainer::stop);
        network.close();
        DockerClientFactory.instance().client().removeVolumeCmd(store).exec();
    }
}
