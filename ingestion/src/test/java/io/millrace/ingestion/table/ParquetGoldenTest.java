package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of another implementation: parquet-wasm 0.8.0, whose writer is Apache Arrow's in Rust; groups of 40 rows. */
class ParquetGoldenTest {
    private static final int ROWS = 100;

    @ParameterizedTest
    @ValueSource(strings = {"plain-v1", "snappy-v1", "gzip-v2", "zstd-v2"})
    void readsWhatAnotherImplementationWrote(String name) {
        TimeFormat format = TimeFormat.iso(ZoneOffset.UTC);
        try (Table table = Table.open(file(name))) {
            assertThat(table.columns())
                    .containsExactly("name", "count", "real", "flag", "time", "day", "tags", "inner.x", "inner.y");
            int i = 0;
            for (Row row : table) {
                String place = name + ", row " + row.line();
                assertThat(row.line()).isEqualTo(i + 1);
                assertThat(row.find("name").orElse("")).as(place).isEqualTo(text(i));
                assertThat(row.find("count").isEmpty()).as(place).isEqualTo(i % 11 == 5);
                if (i % 11 != 5) {
                    assertThat(row.integer("count")).as(place).isEqualTo(i * 1_000_000_007L - 5_000);
                }
                assertThat(row.findNumber("real").orElse(99)).as(place).isEqualTo(i % 13 == 1 ? 99 : i / 8.0 - 3);
                assertThat(row.text("flag")).as(place).isEqualTo(i % 2 == 0 ? "true" : "false");
                if (i % 17 != 2) {
                    Instant time = Instant.ofEpochMilli(978_339_600_000L + i * 1_001L);
                    assertThat(row.text("time")).as(place).isEqualTo(time.toString());
                    assertThat(row.time("time", format))
                            .as(place)
                            .isEqualTo(TimeUnit.MILLISECONDS.toMicros(time.toEpochMilli()));
                }
                assertThat(row.text("day"))
                        .as(place)
                        .isEqualTo(LocalDate.of(2001, 1, 1 + i % 3).toString());
                assertThat(row.list("tags", "|")).as(place).isEqualTo(tags(i));
                assertThat(row.integer("inner.x")).as(place).isEqualTo(i % 3);
                assertThat(row.text("inner.y")).as(place).isEqualTo("in" + i % 2);
                i++;
            }
            assertThat(i).isEqualTo(ROWS);
        }
    }

    private static String text(int i) {
        if (i % 7 == 3) {
            return "";
        }
        return i % 3 == 0 ? "zoë" : "name " + i % 5;
    }

    private static List<String> tags(int i) {
        List<String> tags = new ArrayList<>();
        if (i % 4 >= 2) {
            tags.add("a" + i % 3);
        }
        if (i % 4 == 3) {
            tags.add("b");
        }
        return tags;
    }

    @Test
    void saysWhichCompressionItDoesNotRead() {
        Path path = file("brotli");
        assertThatThrownBy(() -> Table.open(path))
                .isInstanceOf(DataException.class)
                .hasMessage(path + ", column name: compressed with BROTLI"
                        + " (expected: UNCOMPRESSED, SNAPPY, GZIP or ZSTD)");
    }

    private static Path file(String name) {
        URL resource = ParquetGoldenTest.class.getResource("/table/" + name + ".parquet");
        try {
            return Path.of(Objects.requireNonNull(resource, name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
