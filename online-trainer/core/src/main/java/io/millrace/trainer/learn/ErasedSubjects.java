package io.millrace.trainer.learn;

import io.millrace.record.Erasure;
import io.millrace.trainer.snapshot.Erasures;
import io.millrace.trainer.state.ErasedSubject;
import io.millrace.trainer.state.SnapshotHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Of whom a shard learns nothing more: whom its lineage passes over, and who was erased in the log before where it is. */
final class ErasedSubjects {
    private final Map<Long, Long> times = new HashMap<>();
    private long passedOver;

    ErasedSubjects(Erasures fromTheBeginning) {
        fromTheBeginning.records().forEach(this::add);
    }

    /** The erasure's own record is passed over, too. */
    void erase(Erasure erasure) {
        add(erasure);
        passedOver++;
    }

    private void add(Erasure erasure) {
        times.merge(erasure.getSubject(), erasure.getTimeMicros(), Math::max);
    }

    /** Whether an example is passed over, which is then counted. */
    boolean passOver(ReadExample read) {
        if (times.isEmpty() || read.problem() != null || !read.hasSubject()) {
            return false;
        }
        Long time = times.get(read.subject());
        if (time == null || read.view().decisionTimeMicros() > time) {
            return false;
        }
        passedOver++;
        return true;
    }

    /** Erasures, and examples that were passed over because of them. */
    long passedOver() {
        return passedOver;
    }

    SnapshotHeader.Builder writeTo(SnapshotHeader.Builder header) {
        List<ErasedSubject> erased = times.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new ErasedSubject(entry.getKey(), entry.getValue()))
                .toList();
        return header.setErased(erased).setPassedOver(passedOver);
    }

    /** What the lineage passes over from the beginning on stays, whatever the header says. */
    void restore(SnapshotHeader header) {
        header.getErased().forEach(subject -> times.merge(subject.getSubject(), subject.getTimeMicros(), Math::max));
        passedOver = header.getPassedOver();
    }
}
