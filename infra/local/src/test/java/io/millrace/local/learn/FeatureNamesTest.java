package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureNamesTest {
    @Test
    void whatAFeatureMayNotBeCalledIsReplacedAndStaysDistinct() {
        FeatureNames names = FeatureNames.of(List.of("age", "Age (years)", "Age [years]", "1st", "é"));
        assertThat(names.feature("age")).isEqualTo("age");
        assertThat(names.feature("Age (years)")).isEqualTo("Age__years_");
        assertThat(names.feature("Age [years]")).isEqualTo("Age__years__2");
        assertThat(names.feature("1st")).isEqualTo("_1st");
        assertThat(names.feature("é")).isEqualTo("_");
        assertThat(names.column("Age__years__2")).contains("Age [years]");
        assertThat(names.renamed(List.of("age", "1st"))).containsExactly("1st");
    }

    @Test
    void aColumnThatIsCalledAsAnotherWouldBeKeepsItsName() {
        FeatureNames names = FeatureNames.of(List.of("a b", "a_b"));
        assertThat(names.feature("a_b")).isEqualTo("a_b");
        assertThat(names.feature("a b")).isEqualTo("a_b_2");
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
