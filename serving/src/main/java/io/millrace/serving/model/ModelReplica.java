package io.millrace.serving.model;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Delta;
import io.millrace.record.Manifest;
import io.millrace.record.ModelControl;
import io.millrace.record.ShardBase;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which version is served, given manifests and deltas in the order of their topics; it knows no Kafka.
 *
 * <p>The operator says which lineage is live, or else the newest manifest. To begin with a lineage, its newest base that can be read is loaded; if
 * none can, what is served stays, and it is tried again every {@link #RETRY}. Then each delta (from, to] of this lineage
 * applies iff {@code from <= offset < to}: one that ends at or before the offset was applied already (after a restart of the
 * trainer the cuts may fall elsewhere), one that begins after it shows a gap. A gap is closed by a newer base, or else, once
 * for each base, by reading all deltas again. So is the case where a base is ahead and no delta comes for {@link #PATIENCE}.
 * While a version is pinned, it is loaded from its file and nothing applies. Another lineage is made ready beside what is served, and
 * takes its place when it has {@linkplain #caughtUp caught up}.
 *
 * <p>One thread writes; {@link #current} may be called by any.
 */
final class ModelReplica {
    static final Duration RETRY = Duration.ofSeconds(2);
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int REMEMBERED = 16;
    private static final int OF_A_LINEAGE = 4;

    private record Known(Manifest manifest, ShardBase base, Instant since) {
        boolean isOf(@Nullable String lineage) {
            return manifest.getLineage().equals(lineage);
        }
    }

    private final PipelineSpec spec;
    private final Layout layout;
    private final Compatibility compatibility;
    private final SnapshotStore store;
    private final Clock clock;
    private final ModelEvents events;
    private final Deque<Known> manifests = new ArrayDeque<>();
    private final DeltaAssembler assembler = new DeltaAssembler();
    private volatile @Nullable ServedModel current;
    private @Nullable ServedModel incoming;
    private OptionalLong rereadFromMicros = OptionalLong.empty();
    private Instant retryAt = Instant.MIN;
    private @Nullable String refused;
    private volatile @Nullable ModelControl control;
    private final Map<String, String> unfit = new HashMap<>();
    private boolean afresh;
    private boolean gap;
    private boolean rereadAll;

    ModelReplica(PipelineSpec spec, SnapshotStore store, Clock clock, ModelEvents events) {
        this.spec = spec;
        this.layout = Layout.of(spec);
        this.compatibility = new Compatibility(spec);
        this.store = store;
        this.clock = clock;
        this.events = events;
    }

    /** The version served; none before the first. */
    Optional<ServedModel> current() {
        return Optional.ofNullable(current);
    }

    /** What holds of what an operator said; none before the first. May be called by any thread. */
    Optional<ModelControl> control() {
        return Optional.ofNullable(control);
    }

    /** Takes note of what an operator wants; {@link #settle} acts on it. */
    void onControl(ModelControl next) {
        afresh |= control != null && control.getPinned() != null && next.getPinned() == null;
        control = next;
        retryAt = Instant.MIN;
        String live = next.getLive();
        if (live != null && unfit.containsKey(live)) {
            refuse(unfit.get(live));
        }
    }

    private @Nullable String live() {
        ModelControl said = control;
        return said == null ? null : said.getLive();
    }

    private @Nullable ShardBase pinned() {
        ModelControl said = control;
        return said == null ? null : said.getPinned();
    }

    /** Takes note of a manifest; {@link #settle} acts on it. */
    void onManifest(Manifest manifest) {
        if (!compatibility.concerns(manifest)) {
            return;
        }
        Optional<Problem> problem = compatibility.problem(manifest);
        if (problem.isEmpty()) {
            remember(manifest);
            return;
        }
        unfit.put(manifest.getLineage(), problem.get().toString());
        if (live() == null || manifest.getLineage().equals(live())) {
            refuse(problem.get().toString());
        }
    }

    /** Says it once: a trainer repeats its manifest with every base. */
    private void refuse(String why) {
        if (!why.equals(refused)) {
            refused = why;
            events.refused(why);
        }
    }

    private void remember(Manifest manifest) {
        manifests.addLast(new Known(manifest, manifest.getBases().get(0), clock.instant()));
        List<Known> same = manifests.stream()
                .filter(known -> known.isOf(manifest.getLineage()))
                .toList();
        if (same.size() > OF_A_LINEAGE) {
            manifests.remove(same.get(0));
        }
        if (manifests.size() > REMEMBERED) {
            manifests.stream().filter(known -> !known.isOf(live())).findFirst().ifPresent(manifests::remove);
        }
        retryAt = Instant.MIN;
    }

    /** Whether something may be served, read already or not. */
    boolean hasEligible() {
        return !eligible().isEmpty();
    }

    /** What may be served, the newest first. */
    private List<Known> eligible() {
        List<Known> newestFirst = new ArrayList<>();
        for (Iterator<Known> known = manifests.descendingIterator(); known.hasNext(); ) {
            Known next = known.next();
            if (live() == null || next.isOf(live())) {
                newestFirst.add(next);
            }
        }
        return newestFirst;
    }

    /**
     * Loads a base where one is needed. Call it after manifests, and now and then.
     */
    void settle() {
        List<Known> eligible = eligible();
        if (eligible.isEmpty() || isTooEarly()) {
            return;
        }
        Known newest = eligible.get(0);
        ShardBase pin = pinned();
        if (pin != null) {
            ServedModel served = current;
            if (served == null || !newest.isOf(served.snapshot().lineage()) || !isAt(served.snapshot(), pin)) {
                load(new Known(newest.manifest(), pin, clock.instant()));
            }
            return;
        }
        ServedModel followed = followed();
        if (afresh || followed == null || !newest.isOf(followed.snapshot().lineage())) {
            begin(eligible, afresh ? null : followed);
        } else if (newest.base().getOffset() > followed.snapshot().offset() && (gap || isLongSince(newest.since()))) {
            load(newest);
        }
    }

    /** A clock that was set back delays nothing. */
    private boolean isTooEarly() {
        Instant now = clock.instant();
        return now.isBefore(retryAt) && !now.plus(RETRY).isBefore(retryAt);
    }

    private boolean isLongSince(Instant moment) {
        Instant now = clock.instant();
        return now.isBefore(moment) || moment.plus(PATIENCE).isBefore(now);
    }

    /** What deltas apply to: the model that is to be served, or else the one that is. */
    private @Nullable ServedModel followed() {
        ServedModel next = incoming;
        return next == null ? current : next;
    }

    /** All deltas that there were when a base was loaded last have been read: what was made ready is served from now on. */
    void caughtUp() {
        ServedModel next = incoming;
        if (next != null && pinned() == null) {
            incoming = null;
            current = next;
            events.serving(next, false);
        }
    }

    private static boolean isAt(ModelSnapshot snapshot, ShardBase base) {
        return snapshot.offset() == base.getOffset() && snapshot.digest().equals(base.getDigest());
    }

    /**
     * Applies a delta once its last part is there.
     *
     * @throws MalformedSnapshotException if it cannot be used
     */
    void onDelta(Delta delta) {
        ServedModel served = followed();
        if (served == null
                || pinned() != null
                || !delta.getModel().equals(served.snapshot().model())
                || !delta.getLineage().equals(served.snapshot().lineage())
                || delta.getShard() != served.snapshot().shard()
                || delta.getTo() <= served.snapshot().offset()) {
            return;
        }
        Optional<List<Delta>> parts = assembler.add(delta);
        if (parts.isEmpty()) {
            return;
        }
        if (delta.getFrom() > served.snapshot().offset()) {
            onGap(delta, served.snapshot());
            return;
        }
        ModelSnapshot next = served.snapshot().apply(parts.get().toArray(Delta[]::new));
        gap = false;
        serve(next, delta.getPublishedMicros(), true);
    }

    /** From which moment on, wall clock, deltas must be read again, if they must; 0 for all of them. Asking takes it. */
    OptionalLong takeReread() {
        OptionalLong taken = rereadFromMicros;
        rereadFromMicros = OptionalLong.empty();
        return taken;
    }

    private void onGap(Delta delta, ModelSnapshot snapshot) {
        if (!gap) {
            gap = true;
            events.gap("delta (" + delta.getFrom() + ", " + delta.getTo() + "] of lineage " + delta.getLineage()
                    + " (expected: one from offset " + snapshot.offset() + " or before)");
        }
        settle();
        if (gap && !rereadAll) {
            rereadAll = true;
            rereadFromMicros = OptionalLong.of(0);
        }
    }

    private void begin(List<Known> newestFirst, @Nullable ServedModel followed) {
        Known newest = newestFirst.get(0);
        for (Known known : newestFirst) {
            if (followed != null && known.isOf(followed.snapshot().lineage())) {
                break;
            }
            if (load(known)) {
                break;
            }
        }
        ServedModel now = followed();
        if (now == null || !newest.isOf(now.snapshot().lineage())) {
            retryAt = clock.instant().plus(RETRY);
        }
    }

    private boolean load(Known known) {
        try {
            ModelSnapshot snapshot = read(known.manifest(), known.base());
            gap = false;
            rereadAll = false;
            assembler.clear();
            rereadFromMicros = OptionalLong.of(known.manifest().getCreatedMicros());
            boolean isAside = pinned() == null && (afresh || isOther(snapshot));
            incoming = isAside ? made(snapshot, known.manifest().getCreatedMicros()) : null;
            afresh = false;
            if (!isAside) {
                serve(snapshot, known.manifest().getCreatedMicros(), false);
            }
            return true;
        } catch (IOException | MalformedSnapshotException | IllegalArgumentException e) {
            retryAt = clock.instant().plus(RETRY);
            events.unusable("base of " + known.manifest().getModel() + " at offset "
                    + known.base().getOffset() + ", " + known.base().getUri() + ": " + e);
            return false;
        }
    }

    /** What is served meanwhile is better than a base that deltas have not brought up to now. */
    private boolean isOther(ModelSnapshot snapshot) {
        ServedModel served = current;
        return served != null && !served.snapshot().lineage().equals(snapshot.lineage());
    }

    private ModelSnapshot read(Manifest manifest, ShardBase base) throws IOException {
        @Nullable String uri = base.getUri();
        if (uri == null) {
            if (base.getOffset() != 0) {
                throw new IllegalArgumentException(
                        "uri: missing (expected: a file for offset " + base.getOffset() + ")");
            }
            return ModelSnapshot.initial(spec, manifest.getLineage(), base.getShard());
        }
        try (InputStream in = store.open(uri)) {
            ModelSnapshot snapshot = ModelSnapshot.read(in, base.getChecksum());
            check("model", snapshot.model(), manifest.getModel());
            check("lineage", snapshot.lineage(), manifest.getLineage());
            check("shard", snapshot.shard(), base.getShard());
            check("offset", snapshot.offset(), base.getOffset());
            check("digest", snapshot.digest(), base.getDigest());
            check("width", snapshot.width(), layout.width());
            if (!layout.isSize(snapshot.rows())) {
                check("rows", snapshot.rows(), layout.rows());
            }
            return snapshot;
        }
    }

    private static void check(String name, Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    name + ": " + found + " (expected: " + expected + ", as the manifest says)");
        }
    }

    private void serve(ModelSnapshot snapshot, long publishedMicros, boolean byDelta) {
        ServedModel next = made(snapshot, publishedMicros);
        if (incoming != null) {
            incoming = next;
            return;
        }
        current = next;
        events.serving(next, byDelta);
    }

    private ServedModel made(ModelSnapshot snapshot, long publishedMicros) {
        return new ServedModel(snapshot, publishedMicros, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }
}
