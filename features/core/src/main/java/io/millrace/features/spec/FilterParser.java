package io.millrace.features.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a condition: {@code price > 10 and (country in ['at', 'de'] or not vip == true)}. Comparisons are {@code < <= == != >=
 * >} with a number, {@code == !=} with a quoted text or {@code true}, {@code false}, and {@code in [..]}; {@code not} binds
 * closer than {@code and}, that closer than {@code or}.
 */
final class FilterParser {
    /** The condition is wrong at a position, counted from 1. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        private final int position;

        private Wrong(int position, String expected) {
            super(expected);
            this.position = position;
        }

        /** What is there and what was expected instead. */
        String describe(String text) {
            String found = position > text.length() ? "end" : text.substring(position - 1);
            return "at position " + position + ", " + found;
        }
    }

    private static final int DEEPEST = 20;
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:([A-Za-z_][A-Za-z0-9_.-]*)|('[^']*'|\"[^\"]*\")|([-+]?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?)|(<=|>=|==|!=|[<>()\\[\\],]))");

    private record Token(int position, String text, Type type) {}

    private enum Type {
        NAME,
        QUOTED,
        NUMBER,
        SIGN,
        END
    }

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    private FilterParser(String text) throws Wrong {
        Matcher matcher = TOKEN.matcher(text);
        int at = 0;
        while (!text.substring(at).isBlank()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt()) {
                int blank =
                        text.length() - at - text.substring(at).stripLeading().length();
                throw new Wrong(at + blank + 1, "a field, a value or a comparison");
            }
            int group = matcher.group(1) != null ? 1 : matcher.group(2) != null ? 2 : matcher.group(3) != null ? 3 : 4;
            tokens.add(new Token(matcher.start(group) + 1, matcher.group(group), Type.values()[group - 1]));
            at = matcher.end();
        }
        tokens.add(new Token(text.length() + 1, "", Type.END));
    }

    static Filter parse(String text) throws Wrong {
        FilterParser parser = new FilterParser(text);
        Filter filter = parser.or(0);
        parser.expect(Type.END, "", "and, or, or the end");
        return filter;
    }

    private Filter or(int depth) throws Wrong {
        List<Filter> parts = new ArrayList<>(List.of(and(depth)));
        while (accept("or")) {
            parts.add(and(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.Or(List.copyOf(parts));
    }

    private Filter and(int depth) throws Wrong {
        List<Filter> parts = new ArrayList<>(List.of(condition(depth)));
        while (accept("and")) {
            parts.add(condition(depth));
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.And(List.copyOf(parts));
    }

    private Filter condition(int depth) throws Wrong {
        if (depth > DEEPEST) {
            throw new Wrong(peek().position(), "at most " + DEEPEST + " levels");
        }
        if (accept("not")) {
            return new Filter.Not(condition(depth + 1));
        }
        if (accept("(")) {
            Filter inner = or(depth + 1);
            expect(Type.SIGN, ")", "and, or, or )");
            return inner;
        }
        String field = expect(Type.NAME, "", "a field").text();
        if (accept("in")) {
            return new Filter.Category(field, true, list());
        }
        Token sign = peek();
        Optional<Filter.Comparison> comparison = Arrays.stream(Filter.Comparison.values())
                .filter(one -> sign.type() == Type.SIGN && one.text().equals(sign.text()))
                .findFirst();
        if (comparison.isEmpty()) {
            throw new Wrong(sign.position(), "one of < <= == != >= > in");
        }
        next++;
        return comparison(field, comparison.get());
    }

    private Filter comparison(String field, Filter.Comparison comparison) throws Wrong {
        Token value = peek();
        boolean equality = comparison == Filter.Comparison.EQUAL || comparison == Filter.Comparison.NOT_EQUAL;
        if (value.type() == Type.NUMBER) {
            Optional<Double> number = Kind.number().parse().apply(value.text());
            if (number.isPresent()) {
                next++;
                return new Filter.Number(field, comparison, number.get());
            }
        } else if (equality && isCategory(value)) {
            next++;
            return new Filter.Category(field, comparison == Filter.Comparison.EQUAL, List.of(category(value)));
        }
        throw new Wrong(value.position(), equality ? "a number, a quoted text, true or false" : "a number");
    }

    private List<String> list() throws Wrong {
        expect(Type.SIGN, "[", "[");
        List<String> categories = new ArrayList<>();
        do {
            Token value = peek();
            if (!isCategory(value)) {
                throw new Wrong(value.position(), "a quoted text, true or false");
            }
            next++;
            categories.add(category(value));
        } while (accept(","));
        expect(Type.SIGN, "]", ", or ]");
        return List.copyOf(categories);
    }

    private static boolean isCategory(Token token) {
        return token.type() == Type.QUOTED
                || token.text().equals("true")
                || token.text().equals("false");
    }

    private static String category(Token token) {
        return token.type() == Type.QUOTED
                ? token.text().substring(1, token.text().length() - 1)
                : token.text();
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean accept(String text) {
        boolean is = peek().type() != Type.QUOTED && peek().text().equals(text);
        next += is ? 1 : 0;
        return is;
    }

    private Token expect(Type type, String text, String expected) throws Wrong {
        Token token = peek();
        if (token.type() != type || !text.isEmpty() && !token.text().equals(text)) {
            throw new Wrong(token.position(), expected);
        }
        next += type == Type.END ? 0 : 1;
        return token;
    }
}
