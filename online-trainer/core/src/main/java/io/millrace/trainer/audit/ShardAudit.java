package io.millrace.trainer.audit;

import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.trainer.audit.PublishedVersions.Source;
import io.millrace.trainer.learn.RecordFeed;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Learns a shard again from its partition, and stops at every version that was published to compare. Memory: the learner's, and
 * what was published; the log passes through. Where the log has lost its beginning, it goes on from a base, which is taken to be right:
 * versions before it are passed over.
 */
public final class ShardAudit {
    /** More differences than these are counted only. */
    private static final int KEPT = 100;

    private final ShardLearner learner;
    private final RecordFeed feed;
    private final PublishedVersions published;
    private final String log;
    private final List<Difference> differences = new ArrayList<>();
    private final long accounted;
    private final int passedOver;
    private long differing;
    private int next;
    private long reach;
    private long versions;
    private long records;
    private long rejected;
    private long agreed = -1;
    private int firstDigest = -1;
    private boolean agreedSince;

    /**
     * @param learner has learned nothing, or has started from the lineage's root, or goes on from a base of the lineage
     * @param published of the learner's shard and lineage
     * @param fromTheFirst whether every delta since the lineage began is still kept
     * @param log what the partition is called
     */
    public ShardAudit(
            ShardLearner learner, RecordFeed feed, PublishedVersions published, boolean fromTheFirst, String log) {
        this.learner = learner;
        this.feed = feed;
        this.published = published;
        this.log = log;
        this.reach = fromTheFirst ? learner.offset() : -1;
        this.accounted = accounted(learner);
        published.sort();
        while (next < published.size() && published.at(next) < learner.offset()) {
            next++;
        }
        this.passedOver = next;
    }

    /** Adds what was found otherwise, before the walk: a file that cannot be read, say. */
    public void add(Difference difference) {
        differing++;
        if (differences.size() < KEPT) {
            differences.add(difference);
        }
    }

    /** The next record of the partition. */
    public void record(long offset, byte[] bytes, int from, int length) {
        if (next < published.size() && published.at(next) <= offset) {
            compareBelow(offset);
        }
        if (!feed.passesOver(learner.shard(), offset)) {
            records++;
        }
        if (feed.learn(learner, offset, bytes, from, length).isPresent()) {
            rejected++;
        }
    }

    /** Whether nothing is left to compare: what comes is not needed. */
    public boolean isDone() {
        return published.last() <= learner.offset();
    }

    /**
     * The log is over.
     *
     * @param end where the next record would be
     */
    public ShardFindings end(long end) {
        compareBelow(learner.offset());
        for (; next < published.size(); next++) {
            long version = published.at(next);
            if (version > end) {
                add(new Difference(
                        Kind.BEYOND_LOG,
                        version,
                        "at most " + learner.offset(),
                        Long.toString(version),
                        named(next) + " has learned what the log does not hold: " + log + " ends at offset " + end
                                + ". The log has lost its end, or the version is of another log"));
            } else {
                addNoSuchVersion(next);
            }
        }
        if (accounted(learner) - accounted != records) {
            add(new Difference(
                    Kind.EXAMPLES,
                    learner.offset(),
                    Long.toString(records),
                    learner.examples() + " learned, " + learner.rejected() + " rejected and " + learner.passedOver()
                            + " passed over",
                    "of " + records + " records of " + log + ", " + learner.examples() + " were learned, "
                            + learner.rejected() + " rejected and " + learner.passedOver() + " passed over"));
        }
        settleFirstDigest();
        differences.sort(Comparator.comparingLong(Difference::offset));
        return new ShardFindings(
                versions,
                published.size() - passedOver,
                records,
                learner.examples(),
                learner.rejected(),
                learner.passedOver(),
                learner.offset(),
                learner.digest(),
                differing,
                differences);
    }

    private static long accounted(ShardLearner learner) {
        return learner.examples() + learner.rejected() + learner.passedOver();
    }

    private void compareBelow(long offset) {
        while (next < published.size() && published.at(next) <= offset) {
            if (published.at(next) == learner.offset()) {
                compareHere();
            } else {
                addNoSuchVersion(next++);
            }
        }
    }

    /** Everything that was published of the version at which the learner is. */
    private void compareHere() {
        learner.cut();
        long version = learner.offset();
        long digest = Digest.parse(learner.digest());
        int first = next;
        boolean agrees = true;
        long reached = reach;
        for (; next < published.size() && published.at(next) == version; next++) {
            agrees &= compareDigest(next, first, digest);
            if (published.hasExamples(next) && published.examples(next) != learner.examples()) {
                add(new Difference(
                        Kind.EXAMPLES,
                        version,
                        Long.toString(learner.examples()),
                        Long.toString(published.examples(next)),
                        named(next) + " says that it has learned " + published.examples(next)
                                + " examples, but the log has " + learner.examples() + " to learn before it"));
            }
            checkReach(next, reached);
            reach = Math.max(reach, version);
        }
        versions++;
        if (agrees) {
            agreedSince |= firstDigest >= 0;
            agreed = firstDigest >= 0 ? agreed : version;
        }
    }

    private boolean compareDigest(int i, int first, long digest) {
        if (published.digest(i) == digest) {
            return true;
        }
        String found = Digest.text(published.digest(i));
        String expected = Digest.text(digest);
        boolean contradicted = i > first && published.digest(i) != published.digest(first);
        if (firstDigest < 0 && !contradicted) {
            firstDigest = differences.size();
        }
        add(new Difference(
                contradicted ? Kind.DISAGREEING : Kind.DIGEST,
                published.at(i),
                expected,
                found,
                named(i) + " was published with digest " + found
                        + (contradicted
                                ? ", and with " + Digest.text(published.digest(first)) + " as the "
                                        + published.place(first) + "; the log gives " + expected
                                : ", but the log gives " + expected)));
        return false;
    }

    /** A delta must apply to a version that there was: else whoever follows stands before a gap. */
    private void checkReach(int i, long reached) {
        if (published.source(i) != Source.DELTA) {
            return;
        }
        if (reached >= 0 && published.from(i) > reached) {
            add(new Difference(
                    Kind.MISSING_VERSION,
                    published.at(i),
                    "a version of offset " + published.from(i),
                    "none after " + reached,
                    named(i) + " applies from version " + published.from(i) + " on, but the last before it is "
                            + reached + ": a delta between them is missing"));
        }
    }

    private void addNoSuchVersion(int i) {
        add(new Difference(
                Kind.NO_SUCH_VERSION,
                published.at(i),
                "an offset at which an example of " + log + " ends, like " + learner.offset(),
                Long.toString(published.at(i)),
                named(i) + " ends where no example of " + log
                        + " ends: records before it are missing from the log, or it is no version of this log"));
    }

    private String named(int i) {
        return "version " + published.at(i) + " (" + published.place(i) + ")";
    }

    /** What the first difference of a digest means is known when one has seen what came after. */
    private void settleFirstDigest() {
        if (firstDigest < 0 || firstDigest >= differences.size()) {
            return;
        }
        Difference told = differences.get(firstDigest);
        String where = agreed < 0
                ? "No version before it could be compared: what differs is any record of " + log + " before offset "
                        + told.offset() + ", the spec, the root or the machine"
                : "The last version that agrees is " + agreed + ": what differs is a record of " + log + " from offset "
                        + agreed + " to " + (told.offset() - 1);
        String text = told.text()
                + (agreedSince
                        ? ". Versions after it agree again: the published record is wrong, not the log"
                        : ". " + where + ", or what was published");
        differences.set(firstDigest, new Difference(told.kind(), told.offset(), told.expected(), told.found(), text));
    }
}
