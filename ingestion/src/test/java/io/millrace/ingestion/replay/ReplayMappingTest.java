package io.millrace.ingestion.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.TimeFormat;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ReplayMappingTest {
    private static final TimeFormat ISO = TimeFormat.iso(ZoneOffset.UTC);

    @Test
    void listsEverythingWrongAtOnce() {
        assertThatThrownBy(() -> ReplayMapping.of("", "", ISO).withEntity("", "x"))
                .hasMessage("kind: empty (expected: a name); time: empty (expected: the name of a column)");
        ReplayMapping good = ReplayMapping.of("k", "t", ISO);
        assertThatThrownBy(() -> good.withValues(
                        ValueColumn.numeric("a"), ValueColumn.text("b").named("a"), ValueColumn.texts("c", "")))
                .hasMessage("values.a: given twice (expected: once);"
                        + " values.c.separator: empty (expected: a text between the elements)");
        assertThatThrownBy(() -> good.withKindColumn("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> good.withIdColumn("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> good.withEntity("user", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsEveryColumnThatItReads() {
        assertThat(ReplayMapping.of("k", "t", ISO)
                        .withIdColumn("i")
                        .withKindColumn("q")
                        .withEntity("user", "u")
                        .withValues(ValueColumn.numeric("n").named("m"))
                        .columns())
                .containsExactly("q", "i", "t", "u", "n");
    }

    @Test
    void readsASpeedAsPeopleWriteIt() {
        assertThat(ReplayPlan.parseSpeed("max")).isZero();
        assertThat(ReplayPlan.parseSpeed("0")).isZero();
        assertThat(ReplayPlan.parseSpeed("60x")).isEqualTo(60);
        assertThat(ReplayPlan.parseSpeed("0.5")).isEqualTo(0.5);
        assertThatThrownBy(() -> ReplayPlan.parseSpeed("fast"))
                .hasMessage("speed: fast (expected: max, 0 or a factor like 60)");
        assertThatThrownBy(() -> ReplayPlan.parseSpeed("-1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReplayPlan.of(Path.of("x.csv"), ReplayMapping.of("k", "t", ISO))
                        .withSpeed(Double.NaN))
                .hasMessage("speed: NaN (expected: 0 or a factor)");
    }
}
