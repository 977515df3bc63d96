package io.millrace.local;

import io.millrace.broker.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The loopback ports of one process.
 *
 * @param http serving and the collector
 * @param kafka the broker, for clients
 * @param controller the broker's own
 */
public record LoopbackPorts(int http, int kafka, int controller) {
    private static final int HIGHEST = 65_535;

    /**
     * @param http 0 for any free port
     * @param kafka 0 for any free port
     * @throws StartException if a port that was asked for is in use, or none
     */
    public static LoopbackPorts choose(int http, int kafka) throws StartException {
        try (ServerSocket first = bind("--port", orFree(http));
                ServerSocket second = bind("--kafka-port", orFree(kafka));
                ServerSocket third = bind("controller port", orFree(0))) {
            return new LoopbackPorts(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        } catch (IOException e) {
            throw new StartException("loopback: no port can be opened: " + e.getMessage(), e);
        }
    }

    private static int orFree(int port) throws IOException {
        return port == 0 ? FreePorts.next() : port;
    }

    private static ServerSocket bind(String option, int port) throws IOException, StartException {
        if (port < 0 || port > HIGHEST) {
            throw new StartException(option + ": " + port + " (expected: 0 to " + HIGHEST + ")");
        }
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw refused(option, port, e);
        }
    }

    /** Systems tell by the message alone what is wrong with a port. */
    static StartException refused(String option, int port, IOException e) {
        String reason = IoReasons.of(e);
        return reason.contains("in use")
                ? new StartException(option + ": " + port + " is in use (expected: a free port)", e)
                : new StartException(
                        option + ": " + port + " cannot be opened: " + reason
                                + " (expected: a port of 127.0.0.1 that this user may open)",
                        e);
    }
}
