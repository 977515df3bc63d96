package io.millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.local.verify.VerifyReport.OfFeedback;
import io.millrace.local.verify.VerifyReport.OfLineage;
import io.millrace.local.verify.VerifyReport.OfLog;
import io.millrace.local.verify.VerifyReport.OfShard;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.trainer.audit.FeedbackLedger.Totals;
import io.millrace.trainer.audit.ShardFindings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyReportTest {
    private static final OfLog CLEAN = new OfLog(1000, 7, 0, 0, 0, 0, 0, Optional.empty());
    private static final Difference LIE =
            new Difference(Kind.DIGEST, 40, "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "version 40 was published with b");

    @Test
    void equalIsSaidOnlyWhereAllIsEqual() throws Exception {
        VerifyReport report = report(List.of(lineage(true, List.of())), CLEAN, Optional.of(feedback(0)));
        assertThat(report.isEqual()).isTrue();
        assertThat(report.text())
                .contains("movies, lineage 0011, live", "every one is what the log gives; version 1,007")
                .contains("none lost; none there more often than posted; none with an effect twice")
                .contains("Equal: everything that was published is what the log implies. (2.5 s)")
                .doesNotContain("NOT");
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("equal").asBoolean()).isTrue();
        assertThat(json.at("/lineages/0/shards/0/examples").asLong()).isEqualTo(1007);
        assertThat(json.path("lost").asLong(-1)).isZero();
    }

    @Test
    void aDifferenceIsToldInWordsAndInJson() throws Exception {
        VerifyReport report = report(List.of(lineage(true, List.of(LIE))), CLEAN, Optional.empty());
        assertThat(report.isEqual()).isFalse();
        assertThat(report.text())
                .contains("DIFFERS 1 time; first, at offset 40:", LIE.text())
                .contains("NOT equal");
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.path("digest_equal").asBoolean()).isFalse();
        assertThat(json.path("lost").isNull()).isTrue();
        JsonNode first = json.at("/lineages/0/shards/0/first_difference");
        assertThat(first.path("offset").asLong()).isEqualTo(40);
        assertThat(first.path("expected").asText()).isEqualTo(LIE.expected());
        assertThat(first.path("found").asText()).isEqualTo(LIE.found());
    }

    @Test
    void aLineageThatCouldNotBeLearnedAgainIsNotEqual() throws Exception {
        OfLineage unknown =
                new OfLineage("movies", "0022", false, Optional.of("its manifest holds no spec"), "", List.of());
        VerifyReport report = report(List.of(lineage(true, List.of()), unknown), CLEAN, Optional.empty());
        assertThat(report.isEqual()).isFalse();
        assertThat(report.text())
                .contains("lineage 0022, older", "not verified: its manifest holds no spec", "NOT verified");
        assertThat(new ObjectMapper()
                        .readTree(report.json())
                        .at("/lineages/1/not_verified")
                        .asText())
                .isEqualTo("its manifest holds no spec");
    }

    @Test
    void whatIsLostOrLearnedTwiceIsNamed() {
        Difference twice = new Difference(Kind.REPEATED_EXAMPLE, 9, "one", "another", "slot 0 has two");
        OfLog log = new OfLog(1000, 7, 1, 0, 0, 2, 3, Optional.of(twice));
        VerifyReport report = report(List.of(lineage(false, List.of())), log, Optional.of(feedback(1)));
        assertThat(report.isEqual()).isFalse();
        assertThat(report.text())
                .contains("LEARNED TWICE 1", twice.text(), "LOST 1 (f-7)", "2 records are no examples")
                .contains("3 records behind the end");
    }

    private static VerifyReport report(List<OfLineage> lineages, OfLog log, Optional<OfFeedback> feedback) {
        return new VerifyReport(lineages, log, feedback, 0, 0, 2.5);
    }

    private static OfLineage lineage(boolean live, List<Difference> differences) {
        ShardFindings findings =
                new ShardFindings(12, 15, 1007, 1007, 0, 0, 1007, "cccccccccccccccc", differences.size(), differences);
        return new OfLineage(
                "movies", "0011", live, Optional.empty(), "", List.of(new OfShard(0, 0, findings, 3, 1007, 0.5)));
    }

    private static OfFeedback feedback(long lost) {
        return new OfFeedback(
                new Totals(50, lost, 0, 0), 50, true, lost == 0 ? List.of() : List.of("f-7"), List.of(), List.of());
    }
}
