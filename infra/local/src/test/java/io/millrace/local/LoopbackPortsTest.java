package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {
    @Test
    void choosesThreeDifferentPorts() throws Exception {
        LoopbackPorts ports = LoopbackPorts.choose(0, 0);
        assertThat(new int[] {ports.http(), ports.kafka(), ports.controller()}).doesNotHaveDuplicates();
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> LoopbackPorts.choose(taken.getLocalPort(), 0))
                    .withMessage("--port: " + taken.getLocalPort() + " is in use (expected: a free port)");
        }
    }
}
