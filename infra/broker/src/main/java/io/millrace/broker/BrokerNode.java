package io.millrace.broker;

import java.nio.file.Path;

/**
 * A broker that is a controller, too, on loopback.
 *
 * @param id from 1
 * @param directory where it keeps its log
 * @param port for clients and other brokers
 * @param controllerPort for controllers
 */
public record BrokerNode(int id, Path directory, int port, int controllerPort) {
    String controller() {
        return id + "@" + BrokerGroup.LOOPBACK + ":" + controllerPort;
    }
}
