package io.millrace.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers one categorical column, value by value. */
final class Categories {
    private final String name;
    private final Map<String, Integer> known = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private int[] codes = new int[1 << 10];
    private int size;

    Categories(String name) {
        this.name = name;
    }

    void add(String text) {
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, size * 2);
        }
        codes[size++] = known.computeIfAbsent(text, absent -> {
            texts.add(absent);
            return texts.size() - 1;
        });
    }

    Column.Categorical column() {
        List<String> values = List.copyOf(texts);
        return new Column.Categorical(name, Arrays.copyOf(codes, size), values.size(), values::get);
    }
}
