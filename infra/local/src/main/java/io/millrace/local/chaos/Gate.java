package io.millrace.local.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A port of loopback that leads to another one until it is shut: then every connection ends at once, and none begins, as
 * when a network is cut. Safe for use by several threads.
 */
final class Gate implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final int from;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "millrace-gate");
        thread.setDaemon(true);
        return thread;
    });
    private ServerSocket server;
    private boolean isShut;

    /** Opens it. */
    Gate(int from, int to) throws IOException {
        this.from = from;
        this.to = to;
        this.server = listen();
    }

    private ServerSocket listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), from));
        threads.execute(() -> accept(socket));
        return socket;
    }

    /** Ends every connection, and lets none begin. */
    synchronized void shut() {
        isShut = true;
        close(server);
        open.forEach(Gate::close);
        open.clear();
    }

    /** Lets connections begin again. */
    synchronized void reopen() throws IOException {
        if (isShut) {
            isShut = false;
            server = listen();
        }
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                Socket near = listening.accept();
                threads.execute(() -> connect(near));
            }
        } catch (IOException e) {
            close(listening);
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to));
        } catch (IOException e) {
            close(near);
            close(far);
            return;
        }
        open.add(near);
        open.add(far);
        threads.execute(() -> copy(near, far));
        copy(far, near);
    }

    private void copy(Socket source, Socket target) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = source.getInputStream();
            OutputStream out = target.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // Either side went away: so does the other.
        } finally {
            open.remove(source);
            open.remove(target);
            close(source);
            close(target);
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        shut();
        threads.shutdownNow();
    }
}
