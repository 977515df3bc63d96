package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> NAMES = List.of("genres", "item", "age_days");

    @Test
    void suggestsOnlyNearNames() {
        assertThat(Suggestion.near("genre", NAMES)).contains("genres");
        assertThat(Suggestion.near("agedays", NAMES)).contains("age_days");
        assertThat(Suggestion.near("price", NAMES)).isEmpty();
        assertThat(Suggestion.near("x".repeat(100_000), NAMES)).isEmpty();
    }

    @Test
    void countsNeighboursThatAreSwappedAsOneMistake() {
        assertThat(Suggestion.near("itme", NAMES)).contains("item");
        assertThat(Suggestion.near("ba", List.of("ab"))).contains("ab");
        assertThat(Suggestion.near("ba", List.of("cd"))).isEmpty();
    }

    @Test
    void asksForTheNearestNameOrListsAll() {
        assertThat(Suggestion.expected("genre", NAMES)).isEqualTo("genres?");
        assertThat(Suggestion.expected("price", NAMES)).isEqualTo("one of genres, item, age_days");
        assertThat(Suggestion.expected("b", List.of("d", "c"))).isEqualTo("c?");
        assertThat(Suggestion.expected("price", List.of())).isEqualTo("nothing here");
    }
}
