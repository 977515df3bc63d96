package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.DecisionSpec;
import io.millrace.features.spec.FieldPath;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SourceTarget;
import io.millrace.record.Decision;
import io.millrace.record.Name;
import io.millrace.record.Slot;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Codec;
import io.millrace.wire.DecisionIds;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import io.millrace.wire.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes decisions of ours of what a ranker of somebody else's decided, with features that are encoded as serving encodes them.
 *
 * <p>A decision's id is a function of the source, the caller's id and the time, so that a record that is read or was sent again is
 * the same decision.
 */
final class DecisionMapper {
    private static final String POLICY = "external";
    private static final int MOST_SLOTS = 1_000;
    /** What serving calls its arms. */
    private static final Set<String> OWN_ARMS = Set.of("learned", "control", "popularity");

    private final String source;
    private final SourceTarget.Decisions to;
    private final String subjectName;
    private final FeatureSet set;
    private final ValueEncoder shared;
    private final ValueEncoder candidate;
    private final FeatureVector vector;
    private final Codec<Decision> codec = Codec.of(Decision.class);
    /** By hash, of the decision that is made now. */
    private final Map<Long, Name> names = new LinkedHashMap<>();

    DecisionMapper(PipelineSpec spec, String source, SourceTarget.Decisions to) {
        this.source = source;
        this.to = to;
        this.subjectName = spec.decision().subject();
        this.set = spec.featureSet();
        this.shared = new ValueEncoder(set.features().subList(0, set.shared()), 0, this::name);
        this.candidate = new ValueEncoder(set.features().subList(set.shared(), set.size()), set.shared(), this::name);
        this.vector = new FeatureVector(set);
    }

    /** What is wrong is noted, and the result of no use then. */
    Mapped.Taken map(SourceRecord record, SourceFields fields, long time, Problems problems) {
        names.clear();
        String requestId = fields.id(to.id()).orElseGet(record::place);
        String subject = fields.id(to.subject()).orElse("");
        Map<String, @Nullable Object> context = values(to.context(), fields);
        context.put(subjectName, subject);
        shared.encode(context, "context", vector.clear(), problems);
        byte[] packed = vector.packShared();
        List<Slot> slate = slate(fields, problems);
        if (time < 0) {
            problems.accept(new Problem("time", time + " us", "since 1970"));
        }
        Decision decision = new Decision(
                id(requestId, Math.max(0, time)),
                requestId,
                subject,
                time,
                set.name(),
                set.version(),
                ByteBuffer.wrap(packed),
                arm(fields, problems),
                false,
                slate,
                slate.size(),
                List.of(),
                0.0,
                POLICY,
                null,
                Map.of(),
                -1L);
        byte[] key = decision.getId().getBytes(StandardCharsets.UTF_8);
        return new Mapped.Taken(Topic.DECISIONS, key, codec.encode(decision), decision, List.copyOf(names.values()));
    }

    private String id(String requestId, long timeMicros) {
        long same = DecisionIds.joinKeyOfRequest(source + "/" + requestId);
        return DecisionIds.mint(TimeUnit.MICROSECONDS.toMillis(timeMicros), requestId, same);
    }

    private String arm(SourceFields fields, Problems problems) {
        String arm = to.arm()
                .field()
                .map(path -> fields.id(path).orElse(""))
                .orElseGet(() -> String.valueOf(to.arm().literal()));
        if (OWN_ARMS.contains(arm)) {
            problems.accept(new Problem("arm", arm, "another name: what is compared with this arm was decided here"));
        }
        return arm;
    }

    private List<Slot> slate(SourceFields fields, Problems problems) {
        FieldPath path = to.slate().path();
        String expected = "a list of 1 to " + MOST_SLOTS + " items";
        Optional<JsonNode> list = fields.any(path, expected);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().isEmpty() || list.get().size() > MOST_SLOTS) {
            String given = list.get().isArray()
                    ? list.get().size() + " elements"
                    : list.get().toString();
            problems.accept(new Problem(path.text(), given, expected));
            return List.of();
        }
        List<Slot> slate = new ArrayList<>(list.get().size());
        for (JsonNode element : list.get()) {
            slate.add(slot(element, path.text() + "[" + slate.size() + "]", problems));
        }
        return slate;
    }

    private Slot slot(JsonNode element, String place, Problems problems) {
        SourceFields fields = new SourceFields(
                element,
                problem -> problems.accept(
                        new Problem(place + "." + problem.name(), problem.value(), problem.expected())));
        SourceTarget.SlateField at = to.slate();
        String item = at.item() == null
                ? SourceFields.id(place, element, problems).orElse("")
                : fields.id(at.item()).orElse("");
        Map<String, @Nullable Object> values = values(at.features(), fields);
        values.put(DecisionSpec.ITEM, item);
        candidate.encode(values, place, vector.clearCandidate(), problems);
        double propensity = fields.number(at.propensity()).orElse(1.0);
        if (!(propensity > 0 && propensity <= 1)) {
            String where = at.propensity() == null ? "" : at.propensity().text();
            problems.accept(new Problem(
                    place + "." + where, Double.toString(propensity), "a probability above 0 and at most 1"));
        }
        float score = fields.number(at.score()).orElse(0.0).floatValue();
        return new Slot(item, ByteBuffer.wrap(vector.packCandidate()), score, propensity, propensity);
    }

    private Map<String, @Nullable Object> values(Map<String, FieldPath> paths, SourceFields fields) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        paths.forEach((name, path) -> {
            Feature feature = set.features().get(set.indexOf(name));
            Optional<?> value = feature.kind() == FeatureKind.NUMERIC ? fields.number(path) : fields.plain(path);
            value.ifPresent(given -> values.put(name, given));
        });
        return values;
    }

    private void name(long hash, String field, String value) {
        names.putIfAbsent(hash, new Name(hash, field, value));
    }
}
