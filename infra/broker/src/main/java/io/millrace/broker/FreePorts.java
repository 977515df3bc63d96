package io.millrace.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback that are chosen now and opened later: from below those that systems give to connections and to servers
 * which ask for any, so that none of these takes one meanwhile. Safe for use by several threads.
 */
public final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int COUNT = 12_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /** A port that was free a moment ago, and that this process was not given before. */
    public static int next() throws IOException {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(BrokerGroup.LOOPBACK))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue;
            }
        }
        throw new IOException("ports of " + BrokerGroup.LOOPBACK + ": none (expected: a free one from " + LOWEST
                + " to " + (LOWEST + COUNT - 1) + ")");
    }
}
