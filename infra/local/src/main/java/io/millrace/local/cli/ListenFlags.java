package io.millrace.local.cli;

import picocli.CommandLine.Option;

/** Where a part answers. */
final class ListenFlags {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "The address to listen on (default: ${DEFAULT-VALUE}); any other than loopback wants a token.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "P",
            required = true,
            description = "The port to listen on; 0: any free port.")
    private int port;

    String host() {
        return host;
    }

    int port() {
        return port;
    }
}
