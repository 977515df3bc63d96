package io.millrace.wire.kafka;

import java.net.URI;
import java.util.Optional;

/**
 * Where schemas of others are kept, and who asks.
 *
 * @param credentials user and password, with a colon between them
 */
public record RegistrySettings(URI url, Optional<String> credentials) {
    /** Without the password. */
    @Override
    public String toString() {
        return url + (credentials.isEmpty() ? "" : ", with credentials");
    }
}
