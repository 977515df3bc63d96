package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureNamesTest {
    @Test
    void whatAFeatureMayNotBeCalledIsReplacedAndStaysDistinct() {
        FeatureNames names = FeatureNames.of(List.of("age", "Age (years)", "Age [years]", "1st", "é"));
        assertThat(names.feature("age")).isEqualTo("age");
        assertThat(names.feature("Age (years)")).isEqualTo("Age__years__f58127a0");
        assertThat(names.feature("Age [years]")).startsWith("Age__years__").isNotEqualTo("Age__years__f58127a0");
        assertThat(names.feature("1st")).isEqualTo("_1st");
        assertThat(names.feature("é")).isEqualTo("_e9");
        assertThat(names.column("Age__years__f58127a0")).contains("Age (years)");
        assertThat(names.renamed(List.of("age", "1st"))).containsExactly("1st");
    }

    @Test
    void aColumnThatIsCalledAsAnotherWouldBeKeepsItsName() {
        FeatureNames names = FeatureNames.of(List.of("a b", "a_b"));
        assertThat(names.feature("a_b")).isEqualTo("a_b");
        assertThat(names.feature("a b")).isEqualTo("a_b_b6258ba9");
        assertThat(FeatureNames.of(List.of("a b")).feature("a b")).isEqualTo("a_b");
    }

    @Test
    void noNameDependsOnTheOrderOfTheColumns() {
        List<String> columns = new ArrayList<>(
                List.of("größe", "grüße", "ä", "ö", "年", "a b", "a(b", "x".repeat(120), "x".repeat(121)));
        FeatureNames names = FeatureNames.of(columns);
        assertThat(columns.stream().map(names::feature)).doesNotHaveDuplicates().allMatch(name -> name.length() <= 100);
        Collections.reverse(columns);
        FeatureNames again = FeatureNames.of(columns);
        assertThat(columns).allMatch(column -> again.feature(column).equals(names.feature(column)));
        assertThat(FeatureNames.of(List.of("ö")).feature("ö"))
                .isEqualTo(names.feature("ö"))
                .isEqualTo("_f6");
    }

    @Test
    void globsMeanColumnsAndNamesSuggestTheNearOne() {
        List<io.millrace.wire.Problem> problems = new ArrayList<>();
        List<String> columns = List.of("vicprice", "vicdemand", "nswprice");
        assertThat(ColumnPatterns.expand(
                        "a.csv, line 1", "--bin", List.of("vic*", "?swprice"), columns, columns, problems::add))
                .containsExactly("vicprice", "vicdemand", "nswprice");
        assertThat(problems).isEmpty();
        assertThat(ColumnPatterns.expand(
                        "a.csv, line 1", "--bin", List.of("vicprise", "x*"), columns, columns, problems::add))
                .isEmpty();
        assertThat(problems)
                .extracting(Object::toString)
                .containsExactly(
                        "a.csv, line 1, column vicprise: missing (expected: vicprice?; --bin names it)",
                        "--bin: x* (expected: a glob that matches a column: one of vicprice, vicdemand, nswprice)");
    }
}
