package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SnifferTest {
    @Test
    void tellsFormatsByTheirBeginning() {
        assertSniffed(TableFormat.NDJSON, "{\"a\":1}", "\uFEFF{}", "\n  {\"a\":\"|\"}");
        assertSniffed(TableFormat.PARQUET, "PAR1");
        assertSniffed(TableFormat.AVRO, "Obj\u0001");
        assertSniffed(TableFormat.TSV, "a\tb\n1\t2", "\n\na\tb", "a,b\tc");
        assertSniffed(TableFormat.CSV, "a,b\n1,2", "", "a", "a|b|c\n1|2|3", "a,b|c", "1", "PAR");
        assertSniffed(
                TableFormat.VW,
                "1 |f a:1 b",
                "| a",
                "-1.5 2 0.1 'tag|f a",
                "1 1.0 zebra|MetricFeatures:3.28 height:1.5",
                "'second |f a",
                "1\t|f a",
                "1:1:0.5 | a b",
                "shared | a b",
                "1:0.5 2:1.5 3:0 |f a");
    }

    private static void assertSniffed(TableFormat format, String... heads) {
        for (String head : heads) {
            assertThat(Sniffer.sniff(head.getBytes(StandardCharsets.UTF_8)))
                    .as(head)
                    .isEqualTo(format);
        }
    }

    @Test
    void knowsFormatsByTheEndingsOfNames() {
        for (TableFormat format : TableFormat.values()) {
            for (String ending : format.endings()) {
                assertThat(TableFormat.of(Path.of("a/t.b" + ending))).contains(format);
                assertThat(TableFormat.of(Path.of("a/t" + ending + ".gz"))).contains(format);
            }
        }
        assertThat(TableFormat.of(Path.of("a/csv"))).isEmpty();
        assertThat(TableFormat.of(Path.of("/"))).isEmpty();
    }
}
