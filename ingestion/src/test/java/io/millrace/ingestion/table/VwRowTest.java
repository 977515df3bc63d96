package io.millrace.ingestion.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VwRowTest {
    @Test
    void readsLabelImportanceBaseAndTag() {
        assertHead("1 2.5 0.1 'first|f a", "1", "2.5", "0.1", "first");
        assertHead("1 'tag |f a", "1", "", "", "tag");
        assertHead("1 1.0 zebra|f a", "1", "1.0", "", "zebra");
        assertHead("1 |f a", "1", "", "", "");
        assertHead("'t |f a", "", "", "", "t");
        assertHead("|f a", "", "", "", "");
        assertHead("  |f a", "", "", "", "");
        assertHead("1|f a", "", "", "", "1");
    }

    private static void assertHead(String line, String label, String importance, String base, String tag) {
        Row row = row(line);
        assertThat(row.find("label").orElse("")).as(line).isEqualTo(label);
        assertThat(row.find("importance").orElse("")).as(line).isEqualTo(importance);
        assertThat(row.find("base").orElse("")).as(line).isEqualTo(base);
        assertThat(row.find("tag").orElse("")).as(line).isEqualTo(tag);
    }

    @Test
    void readsNamespacesInTheOrderOfTheLine() {
        Row row = row("1 |price:2 usd:1.5 eur:-2e-1 cheap |size s |price more |empty | plain:3\t x \r");
        assertThat(row.weights("price"))
                .containsExactly(
                        new Weight("usd", 3), new Weight("eur", -0.4), new Weight("cheap", 2), new Weight("more", 1));
        assertThat(row.text("price")).isEqualTo("usd:1.5 eur:-2e-1 cheap more");
        assertThat(row.text("size")).isEqualTo("s");
        assertThat(row.list("size", " ")).containsExactly("s");
        assertThat(row.weights("default")).containsExactly(new Weight("plain", 3), new Weight("x", 1));
        assertThat(row.weights("empty")).isEmpty();
        assertThat(row.find("empty")).isEmpty();
        assertThat(row.weights("none")).isEmpty();
        assertThat(row.find("none")).isEmpty();
    }

    @Test
    void readsWhatItIsGivenAsItStands() {
        List<String> lines = new ArrayList<>();
        try (Table table = table("1 |f a:1\n\n2 |f b \r\n|f c")) {
            table.forEach(row -> lines.add(row.line() + " " + row.raw()));
        }
        assertThat(lines).containsExactly("1 1 |f a:1", "3 2 |f b", "4 |f c");
    }

    @Test
    void saysWhichLabelsItDoesNotRead() {
        String expected =
                " (expected: a number as label, importance and base: costs and contextual-bandit labels are not"
                        + " read)";
        assertThatThrownBy(() -> row("1:1:0.5 | a").number("label"))
                .isInstanceOf(DataException.class)
                .hasMessage("x, line 1, column label: 1:1:0.5" + expected);
        assertThatThrownBy(() -> row("1:2 2:0 | a").text("importance"))
                .hasMessage("x, line 1, column importance: 1:2 2:0" + expected);
        assertThatThrownBy(() -> row("shared | a").find("label")).hasMessageEndingWith("shared" + expected);
        assertThatThrownBy(() -> row("1 2 3 4 | a").find("label")).hasMessageEndingWith("1 2 3 4" + expected);
        assertThat(row("1:1:0.5 't| a").text("tag")).isEqualTo("t");
        assertThat(row("1:1:0.5 | a").weights("default")).containsExactly(new Weight("a", 1));
    }

    @Test
    void namesWhatIsWrongWithFeatures() {
        String expected = " (expected: feature:value ..., values finite numbers)";
        for (String bad : new String[] {"a:x", "a:", ":1", "a:NaN", "a:1:2", "a:1e999"}) {
            assertThatThrownBy(() -> row("1 |f b:1 " + bad + " c").weights("f"))
                    .isInstanceOf(DataException.class)
                    .hasMessage("x, line 1, column f: " + bad + expected);
        }
        assertThatThrownBy(() -> row("1 |f:y a").weights("f"))
                .hasMessage("x, line 1, column f: f:y (expected: namespace:scale, the scale a finite number)");
        assertThatThrownBy(() -> row("1 a b").find("label"))
                .hasMessage(
                        "x, line 1: 1 a b (expected: label [importance [base]] ['tag]|namespace feature:value ...)");
    }

    private static Row row(String line) {
        try (Table table = table(line)) {
            return table.iterator().next();
        }
    }

    private static Table table(String text) {
        return Table.read("x", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), TableFormat.VW);
    }
}
