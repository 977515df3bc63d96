package io.millrace.local.part;

import com.linecorp.armeria.server.Server;

/** A part of a loop that runs in this process and answers over HTTP. Closed once. */
public final class RunningPart implements AutoCloseable {
    private final Server server;
    private final Runnable closeApp;

    RunningPart(Server server, Runnable closeApp) {
        this.server = server;
        this.closeApp = closeApp;
    }

    /** The port that it listens on. */
    public int port() {
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        server.stop().join();
        closeApp.run();
    }
}
