package io.millrace.local.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final int door = Ports.free();
    private final Gate gate = new Gate(door, server.getLocalPort());
    private final Thread echo = new Thread(this::echo);

    GateTest() throws IOException {
        echo.setDaemon(true);
        echo.start();
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        server.close();
    }

    private void echo() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread one = new Thread(() -> echo(socket));
                one.setDaemon(true);
                one.start();
            }
        } catch (IOException e) {
            // Closed at the test's end.
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), door));
        return socket;
    }

    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test
    void leadsThroughUntilItIsShutAndAgainWhenItIsOpen() throws Exception {
        Socket before = connected();
        assertThat(ask(before, 7)).isEqualTo(7);
        gate.shut();
        assertThat(isOver(before)).isTrue();
        while (!isRefused()) {
            Thread.onSpinWait();
        }
        gate.reopen();
        try (Socket after = connected()) {
            assertThat(ask(after, 9)).isEqualTo(9);
        }
    }

    /** A connection that was on its way when the gate was shut may still come about, and lead nowhere. */
    private boolean isRefused() {
        try {
            connected().close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isOver(Socket socket) {
        try {
            return ask(socket, 8) < 0;
        } catch (IOException e) {
            return true;
        }
    }
}
