package io.millrace.local.verify;

import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.FeedbackLedger;
import io.millrace.trainer.audit.ShardFindings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a verification has found.
 *
 * @param unreadable records of the model's topics that are no records of ours
 * @param damaged deltas with a wrong checksum, which nobody applies
 */
public record VerifyReport(
        List<OfLineage> lineages,
        OfLog log,
        Optional<OfFeedback> feedback,
        long unreadable,
        long damaged,
        double seconds) {
    public VerifyReport {
        lineages = List.copyOf(lineages);
    }

    /**
     * @param notVerified why it was not learned again, if so
     * @param platform how this machine differs from the one that learned it; empty where it does not
     */
    public record OfLineage(
            String model,
            String lineage,
            boolean live,
            Optional<String> notVerified,
            String platform,
            List<OfShard> shards) {
        public OfLineage {
            shards = List.copyOf(shards);
        }

        boolean isEqual() {
            return notVerified.isEmpty()
                    && shards.stream().allMatch(shard -> shard.findings().isEqual());
        }
    }

    /**
     * @param from the version whose base was taken to be right, since the log has lost its beginning; 0 where it has not
     * @param files base files that are there; -1 where the store is not known
     * @param newest the newest version that was published; -1 if none
     * @param seconds that learning again took
     */
    public record OfShard(int shard, long from, ShardFindings findings, int files, long newest, double seconds) {}

    /**
     * The topic {@code examples}.
     *
     * @param erasures of subjects
     * @param notExamples records that are neither examples nor erasures
     * @param open records of transactions that are not at their end: not part of the log yet
     * @param first the first example that is not as it should be
     */
    public record OfLog(
            long originals,
            long corrections,
            long repeated,
            long baseless,
            long erasures,
            long notExamples,
            long open,
            Optional<Difference> first) {
        boolean isEqual() {
            return repeated == 0 && baseless == 0;
        }
    }

    /**
     * @param fromTheBeginning whether nothing of the topic {@code feedback} was deleted
     * @param lost some that are lost
     * @param duplicated some that are there more often than they were posted
     * @param effectTwice some that had an effect twice
     */
    public record OfFeedback(
            FeedbackLedger.Totals totals,
            long logged,
            boolean fromTheBeginning,
            List<String> lost,
            List<String> duplicated,
            List<String> effectTwice) {}

    /** Whether everything is as the log implies, and everything could be verified. */
    public boolean isEqual() {
        return lineages.stream().allMatch(OfLineage::isEqual)
                && log.isEqual()
                && feedback.map(found -> found.totals().isEqual()).orElse(true);
    }

    /** Whether the log has lost its beginning, so that nothing is said of what was before. */
    boolean isFromBases() {
        return lineages.stream().flatMap(lineage -> lineage.shards().stream()).anyMatch(shard -> shard.from() > 0);
    }

    /** Whether every lineage could be learned again, to the digests that were published. */
    public boolean isDigestEqual() {
        return lineages.stream().allMatch(OfLineage::isEqual);
    }

    /** How many versions were compared. */
    public long versions() {
        return lineages.stream()
                .flatMap(lineage -> lineage.shards().stream())
                .mapToLong(shard -> shard.findings().versions())
                .sum();
    }

    /** In words, what is not as it should be, if anything: of versions, else of examples. */
    public Optional<String> firstDifference() {
        return lineages.stream()
                .flatMap(lineage -> Stream.concat(
                        lineage.notVerified().stream(),
                        lineage.shards().stream()
                                .flatMap(shard -> shard.findings().first().stream())
                                .map(Difference::text)))
                .findFirst()
                .or(() -> log.first().map(Difference::text));
    }

    /** For people. */
    public String text() {
        return VerifyText.of(this);
    }

    /** One JSON object. */
    public String json() {
        return VerifyJson.of(this);
    }
}
