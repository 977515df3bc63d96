package io.millrace.local.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.StartException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelExpressionTest {
    private static final List<String> COLUMNS = List.of("delay", "class", "a > b", "x=y");

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            delay > 15      | 15.5 | true
            delay > 15      | 15   | false
            delay >= 15     | 15   | true
            delay < -1.5e1  | -16  | true
            delay<=0        | 0    | true
            delay<=0        | 1    | false
            delay = 15      | 15.0 | true
            delay == 15     | 14   | false
            delay != 15     | 14   | true
            delay = 0       | -0.0 | true
            """)
    void numbersAreCompared(String text, double value, boolean holds) throws StartException {
        assertThat(test(text).isNumeric()).isTrue();
        assertThat(test(text).holds(value)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            class = UP        | UP    | true
            class = UP        | up    | false
            class = 'UP'      | UP    | true
            class = "so > so" | so > so | true
            class != UP       | DOWN  | true
            class = '15'      | 15    | true
            class = '15'      | 15.0  | false
            """)
    void textsAreComparedAsTheyStand(String text, String value, boolean holds) throws StartException {
        assertThat(test(text).isNumeric()).isFalse();
        assertThat(test(text).holds(value)).isEqualTo(holds);
    }

    @Test
    void aColumnsNameIsNoExpression() throws StartException {
        assertThat(LabelExpression.parse(" a > b ", COLUMNS)).isEqualTo(new LabelExpression("a > b", null));
        assertThat(LabelExpression.parse("unknown", COLUMNS)).isEqualTo(new LabelExpression("unknown", null));
    }

    @Test
    void theOperatorAfterAColumnsNameCounts() throws StartException {
        assertThat(LabelExpression.parse("a > b > 3", COLUMNS).column()).isEqualTo("a > b");
        assertThat(LabelExpression.parse("x=y=z", COLUMNS).column()).isEqualTo("x=y");
        assertThat(LabelExpression.parse("q=y=z", Set.of()).column()).isEqualTo("q");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            delay >      | --label: delay > (expected: a column, or an expression like 'delay > 15' or 'class = UP')
            delay > soon | --label: delay > soon (expected: a number after >; texts are compared by = and !=)
            delay > '15' | --label: delay > '15' (expected: a number after >; texts are compared by = and !=)
            = 15         | --label: = 15 (expected: a column, or an expression like 'delay > 15' or 'class = UP')
            ``           | --label: empty (expected: a column, or an expression like 'delay > 15' or 'class = UP')
            """)
    void whatIsNeitherIsRefused(String text, String sentence) {
        assertThatThrownBy(() -> LabelExpression.parse(text, COLUMNS))
                .isInstanceOf(StartException.class)
                .hasMessage(sentence);
    }

    private static LabelExpression.Test test(String text) throws StartException {
        LabelExpression.Test test = LabelExpression.parse(text, COLUMNS).test();
        assertThat(test).isNotNull();
        return test;
    }
}
