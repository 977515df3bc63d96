package io.millrace.ingestion.collect;

import com.linecorp.armeria.common.MediaType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a body holds its objects. */
enum BodyFormat {
    /** One object, or an array of objects. */
    JSON,
    /** One object a line. */
    NDJSON;

    static final String EXPECTED = "application/json or application/x-ndjson, in UTF-8";

    private static final MediaType NDJSON_TYPE = MediaType.create("application", "x-ndjson");

    static Optional<BodyFormat> of(@Nullable MediaType type) {
        if (type == null || !isUtf8(type)) {
            return Optional.empty();
        }
        MediaType bare = type.withoutParameters();
        if (bare.equals(MediaType.JSON.withoutParameters())) {
            return Optional.of(JSON);
        }
        return bare.equals(NDJSON_TYPE) ? Optional.of(NDJSON) : Optional.empty();
    }

    private static boolean isUtf8(MediaType type) {
        try {
            Charset charset = type.charset(StandardCharsets.UTF_8);
            return charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException unknownCharset) {
            return false;
        }
    }
}
