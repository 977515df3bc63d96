package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.source;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceReportTest {
    private static SourceReport report(String settings, String... records) {
        SourceReport report = new SourceReport(source(settings));
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
    void ofNothingThereIsNothingToShow() {
        SourceReport report = report("{as: events, kind: a}");
        assertThat(report.isWell()).isTrue();
        assertThat(report.text())
                .isEqualTo("s: the newest 0 records of s: 0 become events, 0 not mapped, 0 passed over\n");
    }
}
