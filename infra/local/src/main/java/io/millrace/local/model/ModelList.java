package io.millrace.local.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.log.TopicLog;
import io.millrace.record.LineagePlan;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.snapshot.Exclusions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lineages of a model, the live one first. */
public final class ModelList {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A lineage.
     *
     * @param version of shard 0, the newest that was published
     * @param behind offsets from there to the end of the log
     * @param root digest of what it started from, if not from nothing
     * @param without what of the log it passes over, for people
     */
    public record Row(
            String lineage,
            boolean isLive,
            boolean isLearned,
            boolean isFrozen,
            @Nullable Long version,
            @Nullable Long behind,
            @Nullable Long examples,
            @Nullable String root,
            String without,
            @Nullable Instant based) {}

    private final String model;
    private final @Nullable ModelControl control;
    private final List<Row> rows;

    private ModelList(String model, @Nullable ModelControl control, List<Row> rows) {
        this.model = model;
        this.control = control;
        this.rows = rows;
    }

    static ModelList of(KnownModel known) {
        long end = known.log().stream()
                .filter(extent -> extent.partition() == 0)
                .mapToLong(TopicLog.Extent::end)
                .findFirst()
                .orElse(0);
        List<Row> rows = new ArrayList<>();
        for (String lineage : known.lineages()) {
            Optional<LineagePlan> plan = known.plan(lineage);
            Optional<Manifest> manifest = known.manifest(lineage);
            Optional<Long> version = known.version(lineage);
            rows.add(new Row(
                    lineage,
                    known.live().filter(lineage::equals).isPresent(),
                    known.control().isEmpty()
                            ? known.live().filter(lineage::equals).isPresent()
                            : plan.isPresent(),
                    plan.map(LineagePlan::getFrozen).orElse(false),
                    version.orElse(null),
                    version.map(at -> Math.max(0, end - at)).orElse(null),
                    known.examples(lineage).orElse(null),
                    plan.map(LineagePlan::getRoot)
                            .or(() -> manifest.map(Manifest::getRoot))
                            .orElse(null),
                    without(plan, manifest),
                    manifest.map(known1 -> Instant.EPOCH.plus(known1.getCreatedMicros(), ChronoUnit.MICROS))
                            .orElse(null)));
        }
        return new ModelList(known.name(), known.control().orElse(null), rows);
    }

    private static String without(Optional<LineagePlan> plan, Optional<Manifest> manifest) {
        Exclusions ranges = Exclusions.of(plan.map(LineagePlan::getExcluded)
                .or(() -> manifest.map(Manifest::getExcluded))
                .orElse(List.of()));
        Erasures subjects = Erasures.of(plan.map(LineagePlan::getErased)
                .or(() -> manifest.map(Manifest::getErased))
                .orElse(List.of()));
        return Stream.of(ranges.toString(), subjects.isEmpty() ? "" : subjects.toString())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    public List<Row> rows() {
        return List.copyOf(rows);
    }

    public String text() {
        StringBuilder out = new StringBuilder(model).append('\n');
        out.append(String.format(
                Locale.ROOT, "  %-32s  %-16s  %12s  %12s  %12s%n", "lineage", "", "version", "behind", "examples"));
        for (Row row : rows) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-32s  %-16s  %12s  %12s  %12s%s%n",
                    row.lineage(),
                    state(row),
                    number(row.version()),
                    number(row.behind()),
                    number(row.examples()),
                    (row.root() == null ? "" : "  from " + row.root())
                            + (row.without().isEmpty() ? "" : "  without " + row.without())));
        }
        ShardBase pinned = control == null ? null : control.getPinned();
        if (pinned != null) {
            out.append("serving stays at version ")
                    .append(pinned.getOffset())
                    .append(", digest ")
                    .append(pinned.getDigest())
                    .append('\n');
        }
        if (control != null) {
            out.append("last change: ")
                    .append(control.getReason())
                    .append(" (")
                    .append(Instant.EPOCH
                            .plus(control.getTimeMicros(), ChronoUnit.MICROS)
                            .truncatedTo(ChronoUnit.SECONDS))
                    .append(")\n");
        }
        return out.toString();
    }

    private static String state(Row row) {
        String learning = row.isFrozen() ? "frozen" : row.isLearned() ? "learning" : "kept";
        return row.isLive() ? "live, " + learning : learning;
    }

    private static String number(@Nullable Long number) {
        return number == null ? "-" : String.format(Locale.ROOT, "%,d", number);
    }

    public String json() {
        ObjectNode out = JSON.createObjectNode().put("model", model);
        ShardBase pinned = control == null ? null : control.getPinned();
        out.put("pinned", pinned == null ? null : pinned.getOffset());
        out.put("last_change", control == null ? null : control.getReason());
        ArrayNode lineages = out.putArray("lineages");
        for (Row row : rows) {
            lineages.addObject()
                    .put("lineage", row.lineage())
                    .put("live", row.isLive())
                    .put("learned", row.isLearned())
                    .put("frozen", row.isFrozen())
                    .put("version", row.version())
                    .put("behind", row.behind())
                    .put("examples", row.examples())
                    .put("root", row.root())
                    .put("without", row.without())
                    .put(
                            "base_written",
                            row.based() == null ? null : row.based().toString());
        }
        return out.toPrettyString() + "\n";
    }
}
