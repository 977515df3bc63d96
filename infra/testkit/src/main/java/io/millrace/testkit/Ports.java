package io.millrace.testkit;

import io.millrace.broker.FreePorts;
import java.io.IOException;

/** Free ports on loopback. */
public final class Ports {
    private Ports() {}

    /** A port that was free a moment ago. */
    public static int free() throws IOException {
        return FreePorts.next();
    }
}
