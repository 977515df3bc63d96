package io.millrace.serving.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.serving.model.ServedModel;
import io.millrace.serving.policy.Policy;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/model}: which version is served, and what it is made from. */
public final class ModelHttp implements HttpService {
    private final String pipeline;
    private final Map<String, Object> arms = new LinkedHashMap<>();
    private final Map<String, Object> featureSet;
    private final Supplier<? extends @Nullable ServedModel> model;
    private final BooleanSupplier pinned;
    private final BooleanSupplier frozen;

    /**
     * @param pinned whether the operator has this version stay
     * @param frozen whether the operator has nothing learned for now
     */
    public ModelHttp(
            PipelineSpec spec,
            Supplier<? extends @Nullable ServedModel> model,
            BooleanSupplier pinned,
            BooleanSupplier frozen) {
        this.pinned = pinned;
        this.frozen = frozen;
        this.pipeline = spec.pipeline();
        new Policy(spec.policy()).shares().forEach((arm, share) -> arms.put(arm.text(), share));
        this.featureSet = describe(spec.featureSet(), spec.crosses());
        this.model = model;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        @Nullable ServedModel served = model.get();
        @Nullable ModelSnapshot snapshot = served == null ? null : served.snapshot();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("pipeline", pipeline);
        body.put("lineage", snapshot == null ? null : snapshot.lineage());
        body.put("version", snapshot == null ? null : List.of(snapshot.offset()));
        body.put("digest", snapshot == null ? null : snapshot.digest());
        body.put("parameters", snapshot == null ? null : snapshot.parameters());
        body.put("nonzero", snapshot == null ? null : snapshot.nonzero());
        body.put("examples", snapshot == null ? null : snapshot.examples());
        body.put("published_at", served == null ? null : time(served.publishedMicros()));
        body.put("applied_at", served == null ? null : time(served.appliedMicros()));
        body.put("pinned", pinned.getAsBoolean());
        body.put("frozen", frozen.getAsBoolean());
        body.put("arms", arms);
        body.put("feature_set", featureSet);
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, Json.write(body));
    }

    private static Map<String, Object> describe(FeatureSet set, List<List<String>> crosses) {
        List<Map<String, String>> features = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            Feature feature = set.features().get(i);
            Map<String, String> described = new LinkedHashMap<>();
            described.put("name", feature.name());
            described.put("kind", feature.kind().text());
            described.put("of", i < set.shared() ? "decision" : "candidate");
            features.add(described);
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", set.name());
        described.put("version", Long.toHexString(set.version()));
        described.put("features", features);
        described.put("crosses", crosses);
        return described;
    }

    private static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
