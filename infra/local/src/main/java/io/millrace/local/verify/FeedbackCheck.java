package io.millrace.local.verify;

import io.millrace.local.StartException;
import io.millrace.local.log.RecordLog;
import io.millrace.local.log.TopicLog;
import io.millrace.local.log.TopicLog.Extent;
import io.millrace.local.verify.VerifyReport.OfFeedback;
import io.millrace.record.Feedback;
import io.millrace.record.Outcome;
import io.millrace.trainer.audit.FeedbackLedger;
import io.millrace.wire.Topic;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** Compares a file of acknowledged ids with the topics {@code feedback} and {@code outcomes}. Used by one thread. */
final class FeedbackCheck {
    private static final int NAMED = 10;

    private final Acknowledged acknowledged;
    private final FeedbackLedger promised = new FeedbackLedger();

    private FeedbackCheck(Acknowledged acknowledged) {
        this.acknowledged = acknowledged;
    }

    /** @throws StartException if the file cannot be read */
    static FeedbackCheck of(Path file) throws StartException {
        FeedbackCheck check = new FeedbackCheck(new Acknowledged(file));
        check.acknowledged.read((id, posts) -> {
            check.promised.acknowledge(id, posts);
            return true;
        });
        return check;
    }

    OfFeedback run(RecordLog log, LongSupplier nanos, Consumer<String> tell)
            throws StartException, InterruptedException {
        TopicLog topics = log.topics();
        List<Extent> extents = topics.extents(Topic.FEEDBACK);
        long[] logged = {0};
        Reading reading = new Reading(log, nanos, tell);
        reading.each(Topic.FEEDBACK, extents, Feedback.class, feedback -> {
            logged[0]++;
            promised.logged(feedback.getId());
        });
        reading.each(
                Topic.OUTCOMES,
                topics.extents(Topic.OUTCOMES),
                Outcome.class,
                outcome -> promised.effective(outcome.getId()));
        FeedbackLedger.Totals totals = promised.totals();
        return new OfFeedback(
                totals,
                logged[0],
                extents.stream().allMatch(extent -> extent.begin() == 0),
                named(totals.lost(), promised::isLost),
                named(totals.duplicated(), promised::isDuplicated),
                named(totals.effectTwice(), promised::isEffectTwice));
    }

    private List<String> named(long count, Predicate<String> wanted) throws StartException {
        Set<String> named = new LinkedHashSet<>();
        if (count > 0) {
            acknowledged.read((id, posts) -> {
                if (wanted.test(id)) {
                    named.add(id);
                }
                return named.size() < Math.min(NAMED, count);
            });
        }
        return List.copyOf(named);
    }

    private record Reading(RecordLog log, LongSupplier nanos, Consumer<String> tell) {
        <T extends SpecificRecord> void each(Topic topic, List<Extent> extents, Class<T> type, Consumer<T> action)
                throws InterruptedException {
            for (Extent extent : extents) {
                VerifyProgress progress = new VerifyProgress(topic.text(), extent.end() - extent.begin(), nanos, tell);
                log.read(topic, type, List.of(extent), record -> true, (value, record) -> {
                    action.accept(value);
                    progress.next();
                    return true;
                });
            }
        }
    }
}
