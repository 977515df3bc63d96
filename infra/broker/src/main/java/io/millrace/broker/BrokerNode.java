package io.millrace.broker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A broker that is a controller, too, on loopback.
 *
 * @param id from 1
 * @param directory where it keeps its log
 * @param port for clients and other brokers
 * @param controllerPort for controllers
 * @param gate a second way for clients, if there is one
 */
public record BrokerNode(
        int id,
        Path directory,
        int port,
        int controllerPort,
        @Nullable Gate gate) {
    /**
     * A listener whose clients are told another port than its own: what stands between the two may be shut.
     *
     * @param port the broker's
     * @param door what clients are told
     */
    public record Gate(int port, int door) {}

    public BrokerNode(int id, Path directory, int port, int controllerPort) {
        this(id, directory, port, controllerPort, null);
    }

    String controller() {
        return id + "@" + BrokerGroup.LOOPBACK + ":" + controllerPort;
    }
}
