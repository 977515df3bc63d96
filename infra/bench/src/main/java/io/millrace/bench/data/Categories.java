package io.millrace.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers one categorical column, value by value. */
final class Categories {
    private final String name;
    private final Texts texts = new Texts();
    private int[] codes = new int[1 << 10];
    private int size;

    /** The different texts of a column, each with a number. */
    static final class Texts {
        private final Map<String, Integer> known = new HashMap<>();
        private final List<String> texts = new ArrayList<>();

        int code(String text) {
            return known.computeIfAbsent(text, absent -> {
                texts.add(absent);
                return texts.size() - 1;
            });
        }

        List<String> all() {
            return List.copyOf(texts);
        }
    }

    Categories(String name) {
        this.name = name;
    }

    void add(String text) {
        addCode(texts.code(text));
    }

    void addMissing() {
        addCode(Column.MISSING);
    }

    private void addCode(int code) {
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, size * 2);
        }
        codes[size++] = code;
    }

    Column.Categorical column() {
        List<String> values = texts.all();
        return new Column.Categorical(name, Arrays.copyOf(codes, size), values.size(), values::get);
    }
}
