package io.millrace.trainer.audit;

import java.util.List;
import java.util.Optional;

/**
 * What came of learning a shard again.
 *
 * @param versions offsets at which something published was compared
 * @param publications what was compared there: deltas, bases in manifests, base files
 * @param records records of the partition that were read
 * @param examples of these, learned
 * @param rejected of these, not to be learned
 * @param passedOver of these, erasures and examples of those who were erased before
 * @param offset the version that the log gives in the end
 * @param digest of that version
 * @param differing how many differences there are
 * @param differences the first of them, ascending by offset
 */
public record ShardFindings(
        long versions,
        long publications,
        long records,
        long examples,
        long rejected,
        long passedOver,
        long offset,
        String digest,
        long differing,
        List<Difference> differences) {
    public ShardFindings {
        differences = List.copyOf(differences);
    }

    /** Whether everything that was published is what the log implies. */
    public boolean isEqual() {
        return differing == 0;
    }

    public Optional<Difference> first() {
        return differences.stream().findFirst();
    }
}
