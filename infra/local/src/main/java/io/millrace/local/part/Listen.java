package io.millrace.local.part;

import com.linecorp.armeria.common.auth.OAuth2Token;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.auth.AuthService;
import com.linecorp.armeria.server.auth.Authorizer;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Where a part answers, and to whom: beyond loopback, only to those who know the token, health and metrics excepted.
 *
 * @param port 0 for any free port
 * @param token the bearer token that callers send, if one is wanted
 */
record Listen(InetAddress host, int port, Optional<String> token) {
    /** What orchestrators and Prometheus ask without a token. */
    private static final Set<String> OPEN = Set.of("/health", "/health/ready", "/metrics");

    private static final int HIGHEST_PORT = 65_535;

    /**
     * @throws StartException if there is no such host, no such port, or no token where one is needed
     */
    static Listen of(String host, int port, Optional<String> token) throws StartException {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartException(new Problem("--host", host, "an address of this machine").toString(), e);
        }
        if (port < 0 || port > HIGHEST_PORT) {
            throw new StartException(new Problem("--port", Integer.toString(port), "0 to " + HIGHEST_PORT).toString());
        }
        if (!address.isLoopbackAddress() && token.isEmpty()) {
            throw new StartException(Problem.missing(
                            "token",
                            "token or token.file in the deployment, since --host " + host
                                    + " can be reached from other machines")
                    .toString());
        }
        return new Listen(address, port, token);
    }

    ServerBuilder builder() {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress(host, port));
        token.ifPresent(wanted -> {
            byte[] expected = wanted.getBytes(StandardCharsets.UTF_8);
            Authorizer<OAuth2Token> knows = (ctx, given) -> CompletableFuture.completedFuture(
                    MessageDigest.isEqual(expected, given.accessToken().getBytes(StandardCharsets.UTF_8)));
            builder.decorator(AuthService.builder()
                    .add((ctx, request) -> CompletableFuture.completedFuture(OPEN.contains(ctx.path())))
                    .addOAuth2(knows)
                    .newDecorator());
        });
        return builder;
    }

    /**
     * Starts a server that was built so.
     *
     * @param closeApp ends what answers there, when the part is closed or the server does not start
     * @throws StartException if the port cannot be opened, with what the system says
     */
    RunningPart start(ServerBuilder builder, Runnable closeApp) throws StartException {
        Server server = builder.build();
        try {
            server.start().join();
        } catch (CompletionException e) {
            closeApp.run();
            throw new StartException(
                    new Problem("--port", Integer.toString(port), "a free port of " + host.getHostAddress()) + ": "
                            + e.getCause().getMessage(),
                    e);
        }
        return new RunningPart(server, closeApp);
    }
}
