package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.source;
import static io.millrace.ingestion.source.TestingSources.spec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceReportTest {
    private static SourceReport report(String settings, String... records) {
        SourceReport report = new SourceReport(spec(settings), source(settings));
        SourceMapper mapper = mapper(settings);
        for (String each : records) {
            SourceRecord record = record(each);
            report.add(record, mapper.map(record));
        }
        return report;
    }

    @Test
    void showsWhatEachFieldBecameAndWhatDidNotMap() {
        SourceReport report = report(
                "{as: items, id: sku, envelope: debezium, time: {field: t, unit: s}, values: {price: p, tags: tags?}}",
                "{\"op\": \"c\", \"after\": {\"sku\": 7, \"t\": 1767225600, \"p\": \"dear\"}}",
                "{\"op\": \"u\", \"after\": {\"sku\": \"up\", \"t\": 1767225600, \"p\": 2.5, \"tags\": [\"a\"]}}",
                "{\"op\": \"d\", \"after\": null}",
                "{\"op\": \"u\", \"after\": {\"t\": 1767225600, \"p\": {}}}");
        assertThat(report.isWell()).isFalse();
        assertThat(report.text()).isEqualTo("""
                s: the newest 4 records of s: 2 become items, 1 not mapped, 1 passed over
                  passed over: a change that leaves no row, such as a delete 1
                  field         from   became
                  id            sku    text 2; "up"
                  time          t, s   time 2; 2026-01-01T00:00:00Z
                  values.price  p      number 1, text 1; 2.5
                  values.tags   tags?  list 1, missing 1; [a]
                  the newest:
                    shop-3-14  {"id": "7", "timeMicros": 1767225600000000, "values": {"price": "dear"}}
                    shop-3-14  {"id": "up", "timeMicros": 1767225600000000, "values": {"price": 2.5, "tags": ["a"]}}
                  not mapped:
                    1  sku: missing (expected: a text of 1 to 1024 characters, or a whole number)  first at shop-3-14
                    1  p: {} (expected: a finite number, a text, true, false or a list of texts)  first at shop-3-14
                """);
    }

    @Test
    void ofFeedbackItShowsByWhichIdItsDecisionIsNamed() {
        SourceReport report = report("{as: feedback, kind: like, decision: r}", "{\"r\": \"r-1\"}");
        assertThat(report.isWell()).isTrue();
        assertThat(report.text().lines().map(String::strip))
                .contains(
                        "decision id  r                       missing 1",
                        "request id   r                       text 1; \"r-1\"");
    }

    @Test
    void ofDecisionsItShowsWhichFeaturesAreThere() {
        SourceReport report = report(
                "{as: decisions, id: r, subject: who, slate: {field: shown, item: sku, features: {age: a?}}}",
                "{\"r\": \"r-1\", \"who\": \"ann\", \"shown\": [{\"sku\": \"up\"}]}",
                "{\"r\": \"r-2\", \"who\": \"bob\", \"shown\": [{\"sku\": \"up\", \"a\": 2.5}, {\"sku\": \"heat\"}]}");
        assertThat(report.isWell()).as(report.text()).isTrue();
        assertThat(report.text().lines().map(String::strip))
                .contains(
                        "request id           r                       text 2; \"r-2\"",
                        "arm                  the spec                text 2; \"external\"",
                        "slate                shown                   list 2; [up, heat]",
                        "slate[0].age         a?                      number 1, missing 1; 2.5",
                        "slate[0].propensity  nothing                 number 2; 1.0");
    }

    @Test
    void ofNothingThereIsNothingToShow() {
        SourceReport report = report("{as: events, kind: a}");
        assertThat(report.isWell()).isTrue();
        assertThat(report.text())
                .isEqualTo("s: the newest 0 records of s: 0 become events, 0 not mapped, 0 passed over\n");
    }
}
