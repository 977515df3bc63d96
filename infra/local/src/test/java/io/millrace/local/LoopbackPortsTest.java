package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** As the JDK reports them; a test that may open every port meets none of these. */
    @ParameterizedTest
    @CsvSource({
        "Address already in use, --port: 80 is in use (expected: a free port)",
        "Address already in use (Bind failed), --port: 80 is in use (expected: a free port)",
        "Permission denied, --port: 80 cannot be opened: permission denied (expected: a port of 127.0.0.1 that this user may open)",
        "Cannot assign requested address, --port: 80 cannot be opened: cannot assign requested address (expected: a port of 127.0.0.1 that this user may open)",
    })
    void saysWhatIsWrongWithAPort(String reason, String expected) {
        assertThat(LoopbackPorts.refused("--port", 80, new BindException(reason)))
                .hasMessage(expected);
    }
}
