package io.millrace.local.verify;

import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog;
import io.millrace.local.log.TopicLog.Extent;
import io.millrace.local.verify.Learnable.Bases;
import io.millrace.local.verify.VerifyReport.OfFeedback;
import io.millrace.local.verify.VerifyReport.OfLineage;
import io.millrace.local.verify.VerifyReport.OfLog;
import io.millrace.local.verify.VerifyReport.OfShard;
import io.millrace.record.Erasure;
import io.millrace.record.Example;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.ExampleLedger;
import io.millrace.trainer.audit.PublishedVersions;
import io.millrace.trainer.audit.ShardAudit;
import io.millrace.trainer.job.LogDecoder;
import io.millrace.trainer.job.Platform;
import io.millrace.trainer.job.RootBase;
import io.millrace.trainer.learn.RecordFeed;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.wire.ExampleView;
import io.millrace.wire.Topic;
import io.millrace.wire.WireException;
import io.millrace.wire.kafka.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Learns again what was learned, from the topics alone, and compares. What is published after it began is left alone: first the
 * ends of the topics with versions are taken, then that of the examples, so that no version is ahead of its examples. Used by
 * one thread.
 */
public final class Verification implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];

    private final RecordLog typed;
    private final TopicLog log;
    private final LogDecoder records;
    private final Optional<SpecText> given;
    private final Optional<Bases> bases;
    private final LongSupplier nanos;
    private final Consumer<String> tell;
    private final ExampleView view = new ExampleView();
    private ExampleLedger ledger = new ExampleLedger(true);
    private long erasures;
    private long notExamples;

    /**
     * @param store where base snapshots are kept, if that is known
     * @param given the text of a spec, for lineages whose own is not kept
     * @param nanos a clock
     * @param tell is told how far it is
     */
    public Verification(
            KafkaSettings kafka,
            Optional<URI> store,
            Optional<SpecText> given,
            LongSupplier nanos,
            Consumer<String> tell) {
        this.typed = new RecordLog(kafka);
        this.log = typed.topics();
        this.records = new LogDecoder(typed.decoder());
        this.given = given;
        this.bases = store.map(uri -> new Bases(uri, SnapshotStore.of(uri)));
        this.nanos = nanos;
        this.tell = tell;
    }

    /**
     * @param liveOnly passes older lineages over
     * @param acknowledged ids of feedback that a client was told are accepted
     * @throws StartException if there is nothing to verify, or the file of ids cannot be read
     */
    public VerifyReport run(boolean liveOnly, Optional<Path> acknowledged)
            throws StartException, IOException, InterruptedException {
        long began = nanos.getAsLong();
        Optional<FeedbackCheck> check =
                acknowledged.isPresent() ? Optional.of(FeedbackCheck.of(acknowledged.get())) : Optional.empty();
        Lineages lineages = lineages();
        List<Extent> shards = log.extents(Topic.EXAMPLES);
        String topicId = log.topicId(Topic.EXAMPLES);
        ledger = new ExampleLedger(isWhole(shards));

        List<OfLineage> found = new ArrayList<>();
        Set<Integer> counted = new HashSet<>();
        for (KnownLineage lineage : lineages.all()) {
            if (!liveOnly || lineage == lineages.live()) {
                found.add(verify(lineages, lineage, topicId, shards, counted));
            }
        }
        for (Extent shard : shards) {
            if (counted.add(shard.partition())) {
                walk("examples", shard, shard.begin(), null, true, false);
            }
        }
        OfLog ofLog = new OfLog(
                ledger.originals(),
                ledger.corrections(),
                ledger.repeated(),
                ledger.baseless(),
                erasures,
                notExamples,
                shards.stream().mapToLong(Extent::open).sum(),
                ledger.first());
        Optional<OfFeedback> feedback =
                check.isPresent() ? Optional.of(check.get().run(typed, nanos, tell)) : Optional.empty();
        return new VerifyReport(
                found, ofLog, feedback, lineages.unreadable(), lineages.damaged(), (nanos.getAsLong() - began) / 1e9);
    }

    private Lineages lineages() throws StartException, InterruptedException {
        Lineages lineages = Lineages.read(typed, given.map(spec -> spec.spec().pipeline()));
        if (lineages.all().isEmpty()) {
            throw new StartException("nothing to verify: no manifest and no delta"
                    + given.map(spec -> " of pipeline " + spec.spec().pipeline())
                            .orElse("")
                    + " in the topics (expected: a pipeline that has learned)");
        }
        return lineages;
    }

    private OfLineage verify(
            Lineages lineages, KnownLineage lineage, String topicId, List<Extent> shards, Set<Integer> counted)
            throws IOException, InterruptedException {
        boolean live = lineage == lineages.live();
        boolean whole = isWhole(shards);
        Learnable learnable = Learnable.of(lineage, topicId, shards.size(), given, bases, whole);
        if (learnable instanceof Learnable.No no) {
            return new OfLineage(lineage.model(), lineage.id(), live, Optional.of(no.reason()), "", List.of());
        }
        Learnable.Yes again = (Learnable.Yes) learnable;
        List<RootBase.Content> from = new ArrayList<>();
        for (Extent shard : whole ? List.<Extent>of() : shards) {
            Optional<RootBase.Content> base = bases.isEmpty()
                    ? Optional.empty()
                    : NearestBase.oldest(
                            bases.get().store(), lineage.model(), lineage.id(), shard.partition(), shard.begin());
            if (base.isEmpty()) {
                String reason = log.name(Topic.EXAMPLES, shard.partition()) + " begins at offset " + shard.begin()
                        + ": what was learned before is deleted, and no base from there on is "
                        + (bases.isPresent() ? "kept" : "known (expected: --store)");
                return new OfLineage(lineage.model(), lineage.id(), live, Optional.of(reason), "", List.of());
            }
            from.add(base.get());
        }
        List<OfShard> found = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            Extent shard = shards.get(i);
            Optional<RootBase.Content> base = whole ? Optional.empty() : Optional.of(from.get(i));
            found.add(verify(lineages, lineage, again, shard, base, live && counted.add(shard.partition())));
        }
        return new OfLineage(lineage.model(), lineage.id(), live, Optional.empty(), platform(lineage), found);
    }

    private static boolean isWhole(List<Extent> shards) {
        return shards.stream().allMatch(shard -> shard.begin() == 0);
    }

    private RecordFeed feed(Learnable.Yes again) {
        return new RecordFeed(records, again.without());
    }

    /** @param base what the shard goes on from, where the log has lost its beginning */
    private OfShard verify(
            Lineages lineages,
            KnownLineage lineage,
            Learnable.Yes again,
            Extent shard,
            Optional<RootBase.Content> base,
            boolean counting)
            throws IOException, InterruptedException {
        int number = shard.partition();
        PublishedVersions published = lineage.published(number);
        long newest = published.last();
        List<Difference> before = new ArrayList<>(lineage.malformed(number));
        int files = bases.isPresent()
                ? new BaseFiles(bases.get().store(), lineage, number, before::add).addTo(published)
                : -1;
        try (ShardLearner learner = base.map(known -> again.goOn(number, known)).orElseGet(() -> again.begin(number))) {
            long from = learner.offset();
            ShardAudit audit = new ShardAudit(
                    learner, feed(again), published, lineages.isFromTheFirst(), log.name(Topic.EXAMPLES, number));
            before.forEach(audit::add);
            String what = "lineage "
                    + lineage.id().substring(0, Math.min(8, lineage.id().length())) + ", shard " + number;
            double seconds = walk(what, shard, from, audit, counting, lineage == lineages.live());
            return new OfShard(number, from, audit.end(shard.end()), files, newest, seconds);
        }
    }

    /**
     * Has the partition's records learned, counted, or both; returns the seconds that it took.
     *
     * @param from the first that is learned
     */
    private double walk(
            String what, Extent shard, long from, @Nullable ShardAudit audit, boolean counting, boolean toTheEnd)
            throws InterruptedException {
        Extent read = counting ? shard : new Extent(shard.partition(), Math.max(from, shard.begin()), shard.end(), 0);
        VerifyProgress progress = new VerifyProgress(what, read.end() - read.begin(), nanos, tell);
        String name = log.name(Topic.EXAMPLES, shard.partition());
        log.read(Topic.EXAMPLES, read, record -> {
            byte[] value = record.value() == null ? NOTHING : record.value();
            if (audit != null && record.offset() >= from) {
                audit.record(record.offset(), value, 0, value.length);
            }
            if (counting) {
                count(value, name, record.offset());
            }
            progress.next();
            return counting || toTheEnd || audit != null && !audit.isDone();
        });
        return progress.seconds();
    }

    private void count(byte[] value, String name, long offset) {
        if (!view.read(value, 0, value.length)) {
            try {
                SpecificRecord decoded = records.decode(value);
                if (decoded instanceof Erasure) {
                    erasures++;
                    return;
                }
                view.show((Example) decoded);
            } catch (WireException e) {
                notExamples++;
                return;
            }
        }
        ledger.add(view, name, offset);
    }

    /** What of the machine that learned is not as on this one. */
    private static String platform(KnownLineage lineage) {
        Map<String, String> here = Platform.describe();
        List<String> other = new ArrayList<>();
        if (lineage.newest() != null) {
            new TreeMap<>(lineage.newest().getPlatform()).forEach((name, value) -> {
                if (!value.equals(here.get(name))) {
                    other.add(name + " " + value + " (here: " + here.get(name) + ")");
                }
            });
        }
        return String.join(", ", other);
    }

    /**
     * A version that was learned again.
     *
     * @param learner is at that version; the caller closes it
     */
    public record Rebuilt(String model, String lineage, SpecText spec, ShardLearner learner) implements AutoCloseable {
        @Override
        public void close() {
            learner.close();
        }
    }

    /**
     * Learns one version again.
     *
     * @param version the offset of the first example that it has not learned
     * @param wanted the lineage, or how its name begins; empty for the live one
     * @throws StartException if there is no such lineage, shard or version, or it cannot be learned again
     */
    public Rebuilt rebuild(long version, int shard, Optional<String> wanted)
            throws StartException, IOException, InterruptedException {
        return rebuild(version, shard, wanted, false);
    }

    /**
     * The same, from the newest base before it: quick, and as right as that base is.
     *
     * @throws StartException if what was published of that version has another digest, too
     */
    public Rebuilt rebuildFromNearest(long version, int shard, String lineage)
            throws StartException, IOException, InterruptedException {
        return rebuild(version, shard, Optional.of(lineage), true);
    }

    private Rebuilt rebuild(long version, int shard, Optional<String> wanted, boolean nearest)
            throws StartException, IOException, InterruptedException {
        KnownLineage lineage = lineage(lineages(), wanted);
        List<Extent> shards = log.extents(Topic.EXAMPLES);
        if (shard < 0 || shard >= shards.size()) {
            throw new StartException("--shard: " + shard + " (expected: 0 to " + (shards.size() - 1) + ")");
        }
        Extent extent = shards.get(shard);
        String name = log.name(Topic.EXAMPLES, shard);
        if (version < 0 || version > extent.end()) {
            throw new StartException("version: " + version + " is beyond the log (expected: 0 to " + extent.end()
                    + ", where " + name + " ends)");
        }
        Learnable learnable =
                Learnable.of(lineage, log.topicId(Topic.EXAMPLES), shards.size(), given, bases, extent.begin() == 0);
        if (learnable instanceof Learnable.No no) {
            throw new StartException("lineage " + lineage.id() + " cannot be learned again: " + no.reason());
        }
        Learnable.Yes again = (Learnable.Yes) learnable;
        Optional<RootBase.Content> base = base(lineage, extent, version, nearest);
        ShardLearner learner = base.map(known -> again.goOn(shard, known)).orElseGet(() -> again.begin(shard));
        try {
            long from = learner.offset();
            if (extent.begin() > from) {
                throw new StartException("version: " + version + " needs the log from offset " + from + ", but " + name
                        + " begins at offset " + extent.begin() + ": what was before is deleted (expected: a topic of"
                        + " examples that is kept for ever, or a base between that offset and the version)");
            }
            if (!nearest && extent.begin() > 0) {
                tell.accept(name + " begins at offset " + extent.begin() + ": going on from the base of version " + from
                        + ", which is taken to be right");
            }
            Extent before = new Extent(shard, from, version, 0);
            VerifyProgress progress = new VerifyProgress("version " + version, version - from, nanos, tell);
            RecordFeed feed = feed(again);
            log.read(Topic.EXAMPLES, before, record -> {
                byte[] value = record.value() == null ? NOTHING : record.value();
                feed.learn(learner, record.offset(), value, 0, value.length);
                progress.next();
                return true;
            });
            return new Rebuilt(lineage.model(), lineage.id(), again.spec(), learner);
        } catch (StartException | RuntimeException | InterruptedException e) {
            learner.close();
            throw e;
        }
    }

    /** What a version is learned again from, if not from the lineage's beginning. */
    private Optional<RootBase.Content> base(KnownLineage lineage, Extent extent, long version, boolean nearest)
            throws IOException {
        if (bases.isEmpty()) {
            return Optional.empty();
        }
        SnapshotStore files = bases.get().store();
        if (nearest) {
            return NearestBase.find(files, lineage.model(), lineage.id(), extent.partition(), version);
        }
        return extent.begin() == 0
                ? Optional.empty()
                : NearestBase.oldest(files, lineage.model(), lineage.id(), extent.partition(), extent.begin())
                        .filter(base -> base.header().getOffset() <= version);
    }

    private static KnownLineage lineage(Lineages lineages, Optional<String> wanted) throws StartException {
        List<KnownLineage> found = lineages.all().stream()
                .filter(lineage -> wanted.map(lineage.id()::startsWith).orElse(lineage == lineages.live()))
                .toList();
        if (found.size() != 1) {
            throw new StartException("--lineage: " + wanted.orElse("the live one") + " ("
                    + (found.isEmpty() ? "unknown" : "several begin so") + "; expected: one of "
                    + lineages.all().stream().map(KnownLineage::id).toList() + ")");
        }
        return found.get(0);
    }

    @Override
    public void close() {
        typed.close();
    }
}
