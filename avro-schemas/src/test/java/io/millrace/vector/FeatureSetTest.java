package io.millrace.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureSetTest {
    private static final Feature USER = new Feature("user", FeatureKind.CATEGORICAL);
    private static final Feature AGE = new Feature("age", FeatureKind.NUMERIC);

    @Test
    void hasTheVersionOfItsContentAndNotOfItsName() {
        FeatureSet set = new FeatureSet("a", List.of(USER), List.of(AGE));
        assertThat(new FeatureSet("b", List.of(USER), List.of(AGE)).version()).isEqualTo(set.version());
        assertThat(List.of(
                        new FeatureSet("a", List.of(USER, AGE), List.of()).version(),
                        new FeatureSet("a", List.of(AGE), List.of(USER)).version(),
                        new FeatureSet("a", List.of(USER), List.of(new Feature("age", FeatureKind.EMBEDDING)))
                                .version(),
                        new FeatureSet("a", List.of(USER), List.of()).version()))
                .doesNotHaveDuplicates()
                .doesNotContain(set.version());
    }

    @Test
    void keepsTheVersionItHadWhenFirstReleased() {
        assertThat(Long.toHexString(new FeatureSet("a", List.of(USER), List.of(AGE)).version()))
                .isEqualTo("2b43c1e999e4c701");
    }

    @Test
    void isWhatItsTextSays() {
        Feature spaced = new Feature("part of day", FeatureKind.CATEGORICAL_SET);
        FeatureSet set = new FeatureSet("a", List.of(USER, spaced), List.of(AGE));
        assertThat(set.text())
                .isEqualTo("shared categorical user\nshared categorical_set part of day\ncandidate numeric age\n");
        FeatureSet parsed = FeatureSet.parse("a", set.text());
        assertThat(parsed.version()).isEqualTo(set.version());
        assertThat(parsed.features()).isEqualTo(set.features());
        assertThatThrownBy(() -> FeatureSet.parse("a", "shared number age"))
                .hasMessage("feature set a: shared number age (expected: shared or candidate, a kind, a name)");
        assertThatThrownBy(() -> FeatureSet.parse("a", "common numeric age"))
                .hasMessageContaining("common numeric age");
    }

    @Test
    void findsPositionsByName() {
        FeatureSet set = new FeatureSet("a", List.of(USER), List.of(AGE));
        assertThat(set.indexOf("age")).isEqualTo(1);
        assertThat(set.indexOf("Age")).isEqualTo(-1);
        assertThat(set.shared()).isEqualTo(1);
    }

    @Test
    void refusesANameTwice() {
        assertThatThrownBy(() -> new FeatureSet("a", List.of(USER), List.of(USER)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("feature user: declared twice (expected: once)");
    }
}
