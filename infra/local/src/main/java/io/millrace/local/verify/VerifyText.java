package io.millrace.local.verify;

import io.millrace.local.verify.VerifyReport.OfFeedback;
import io.millrace.local.verify.VerifyReport.OfLineage;
import io.millrace.local.verify.VerifyReport.OfLog;
import io.millrace.local.verify.VerifyReport.OfShard;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.FeedbackLedger;
import io.millrace.trainer.audit.ShardFindings;
import java.util.List;
import java.util.Locale;

/** A report for people. */
final class VerifyText {
    private static final int SHOWN = 3;

    private final StringBuilder out = new StringBuilder();

    private VerifyText() {}

    static String of(VerifyReport report) {
        VerifyText text = new VerifyText();
        report.lineages().forEach(text::lineage);
        text.log(report.log());
        report.feedback().ifPresent(text::feedback);
        if (report.damaged() > 0) {
            text.line("", count(report.damaged(), "delta") + " with a wrong checksum, which nobody applies");
        }
        if (report.unreadable() > 0) {
            text.line("", count(report.unreadable(), "record") + " of the model's topics are none of ours");
        }
        text.out
                .append('\n')
                .append(verdict(report))
                .append(" (")
                .append(seconds(report.seconds()))
                .append(")\n");
        return text.out.toString();
    }

    private static String verdict(VerifyReport report) {
        if (report.isEqual()) {
            return report.isFromBases()
                    ? "Equal as far as the log goes back: everything that was published since is what the log implies."
                    : "Equal: everything that was published is what the log implies.";
        }
        boolean differs = !report.log().isEqual()
                || report.feedback().map(found -> !found.totals().isEqual()).orElse(false)
                || report.lineages().stream()
                        .anyMatch(lineage -> lineage.notVerified().isEmpty() && !lineage.isEqual());
        return differs
                ? "NOT equal: what was published is not what the log implies."
                : "NOT verified: nothing differs, but not every lineage could be learned again.";
    }

    private void lineage(OfLineage lineage) {
        out.append(lineage.model())
                .append(", lineage ")
                .append(lineage.lineage())
                .append(lineage.live() ? ", live" : ", older")
                .append('\n');
        lineage.notVerified().ifPresent(reason -> line("", "not verified: " + reason));
        lineage.shards().forEach(this::shard);
        if (!lineage.platform().isEmpty()) {
            line("", "learned on another machine: " + lineage.platform());
            if (!lineage.isEqual()) {
                line("", "bits are the same only on one family of processors and one release of Java");
            }
        }
    }

    private void shard(OfShard shard) {
        ShardFindings found = shard.findings();
        String speed = shard.seconds() > 0
                ? String.format(Locale.ROOT, ", %,.0f a second", found.records() / shard.seconds())
                : "";
        line(
                "shard " + shard.shard(),
                count(found.examples(), "example") + " learned again"
                        + (found.rejected() > 0 ? ", " + count(found.rejected(), "record") + " not to be learned" : "")
                        + (found.passedOver() > 0 ? ", " + whole(found.passedOver()) + " passed over for erasures" : "")
                        + " in " + seconds(shard.seconds()) + speed);
        if (shard.from() > 0) {
            line(
                    "",
                    "from the base of version " + whole(shard.from())
                            + " on, which is taken to be right: the log's beginning is deleted");
        }
        line(
                "",
                count(found.versions(), "version") + " compared, in "
                        + count(found.publications(), "delta or base", "deltas and bases")
                        + (shard.files() < 0
                                ? "; base files are not, without --store"
                                : ", " + count(shard.files(), "base file") + " among them"));
        if (found.isEqual()) {
            line(
                    "",
                    "every one is what the log gives; version " + whole(found.offset()) + " has digest "
                            + found.digest() + ahead(shard));
        } else {
            line(
                    "",
                    "DIFFERS " + count(found.differing(), "time") + "; first, at offset "
                            + found.differences().get(0).offset() + ":");
            found.differences().stream().limit(SHOWN).map(Difference::text).forEach(text -> line("", text));
        }
    }

    private static String ahead(OfShard shard) {
        return shard.newest() < shard.findings().offset()
                ? ", which is ahead of the newest published, " + whole(Math.max(0, shard.newest()))
                : "";
    }

    private void log(OfLog log) {
        line(
                "examples",
                count(log.originals(), "slot") + ", " + count(log.corrections(), "correction")
                        + (log.isEqual()
                                ? "; none stands there twice, each correction replaces the label that was there"
                                : "; LEARNED TWICE " + whole(log.repeated()) + ", corrections of what is not there "
                                        + whole(log.baseless())));
        log.first().map(Difference::text).ifPresent(text -> line("", text));
        if (log.erasures() > 0) {
            line("", count(log.erasures(), "erasure") + ": from there on, nothing is learned of those subjects");
        }
        if (log.notExamples() > 0) {
            line("", count(log.notExamples(), "record") + " are no examples");
        }
        if (log.open() > 0) {
            line(
                    "",
                    count(log.open(), "record")
                            + " behind the end, of a transaction that was not committed, are not part of the log");
        }
    }

    private void feedback(OfFeedback feedback) {
        FeedbackLedger.Totals totals = feedback.totals();
        line("feedback", whole(totals.acknowledged()) + " acknowledged, " + whole(feedback.logged()) + " in the log");
        line(
                "",
                (totals.lost() == 0 ? "none lost" : "LOST " + whole(totals.lost()) + named(feedback.lost()))
                        + (totals.duplicated() == 0
                                ? "; none there more often than posted"
                                : "; MORE OFTEN THAN POSTED " + whole(totals.duplicated())
                                        + named(feedback.duplicated()))
                        + (totals.effectTwice() == 0
                                ? "; none with an effect twice"
                                : "; EFFECT TWICE " + whole(totals.effectTwice()) + named(feedback.effectTwice())));
        if (!feedback.fromTheBeginning()) {
            line("", "the oldest feedback is deleted, as the topic's retention says: what is lost may only be old");
        }
    }

    private static String named(List<String> ids) {
        return " (" + String.join(", ", ids) + (ids.size() == 10 ? ", ..." : "") + ")";
    }

    private void line(String name, String text) {
        out.append(String.format(Locale.ROOT, "  %-9s %s%n", name, text));
    }

    private static String count(long number, String word) {
        return count(number, word, word + "s");
    }

    private static String count(long number, String one, String several) {
        return whole(number) + " " + (number == 1 ? one : several);
    }

    private static String whole(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
