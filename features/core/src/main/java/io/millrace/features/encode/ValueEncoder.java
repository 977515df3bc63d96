package io.millrace.features.encode;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the values of named features, as JSON readers produce them (numbers, strings, booleans, lists, maps), into a
 * feature vector. What does not fit is a {@link Problem}; a null or absent value is a missing feature.
 *
 * <p>A categorical takes a string, a whole number or a boolean; a set or a sequence, a list of these; a weighted set, an
 * object of weights; an embedding, a list of numbers. Numbers must be finite as floats. The elements of a set are put in
 * the order of their hashes, each once, so that equal sets have equal bytes. A feature with a problem is left missing.
 *
 * <p>Safe for use by several threads, each with a vector of its own.
 */
public final class ValueEncoder {
    private static final String CATEGORICAL_EXPECTED = "a string, a whole number or a boolean";
    private static final String NUMBER_EXPECTED = "a finite number, at most 3.4e38 in size";

    private final List<Feature> features;
    private final int offset;
    private final FeatureHash[] hashes;
    private final Set<String> names;
    private final NameSink nameSink;

    /**
     * @param features the features of one section, in order
     * @param offset the position of the first of them in the vector
     */
    public ValueEncoder(List<Feature> features, int offset, NameSink nameSink) {
        this.features = List.copyOf(features);
        this.offset = offset;
        this.hashes =
                features.stream().map(feature -> FeatureHash.of(feature.name())).toArray(FeatureHash[]::new);
        this.names = new LinkedHashSet<>(features.stream().map(Feature::name).toList());
        this.nameSink = nameSink;
    }

    /**
     * Appends this section's features.
     *
     * @param place the path of the values, for problems: {@code context}, {@code candidates[3]}
     */
    public void encode(
            Map<String, ? extends @Nullable Object> values,
            String place,
            FeatureVector out,
            Consumer<Problem> problems) {
        for (int i = 0; i < features.size(); i++) {
            Object value = values.get(features.get(i).name());
            if (value != null) {
                encode(i, value, place + "." + features.get(i).name(), out, problems);
            }
        }
    }

    /** Reports every key that is neither a feature of this section nor one of {@code others}. */
    public void reportUnknown(Set<String> keys, Set<String> others, String place, Consumer<Problem> problems) {
        for (String key : keys) {
            if (!names.contains(key) && !others.contains(key)) {
                problems.accept(new Problem(
                        place + "." + key,
                        "unknown feature",
                        names.isEmpty() ? "no features here" : "one of " + String.join(", ", names)));
            }
        }
    }

    private void encode(int i, Object value, String place, FeatureVector out, Consumer<Problem> problems) {
        int position = offset + i;
        switch (features.get(i).kind()) {
            case NUMERIC -> {
                if (isNumber(value)) {
                    out.numeric(position, ((Number) value).floatValue());
                } else {
                    problems.accept(new Problem(place, show(value), NUMBER_EXPECTED));
                }
            }
            case CATEGORICAL -> {
                String text = categorical(value);
                if (text != null) {
                    out.categorical(position, hash(i, text));
                } else {
                    problems.accept(new Problem(place, show(value), CATEGORICAL_EXPECTED));
                }
            }
            case CATEGORICAL_SET -> {
                long[] elements = elements(i, value, place, problems);
                if (elements != null) {
                    out.hashes(position, distinct(elements));
                }
            }
            case SEQUENCE -> {
                long[] elements = elements(i, value, place, problems);
                if (elements != null) {
                    out.hashes(position, elements);
                }
            }
            case WEIGHTED_SET -> weightedSet(i, value, place, out, problems);
            case EMBEDDING -> {
                float[] elements = numbers(value, place, problems);
                if (elements != null) {
                    out.embedding(position, elements);
                }
            }
        }
    }

    private long @Nullable [] elements(int i, Object value, String place, Consumer<Problem> problems) {
        if (!(value instanceof Collection<?> list)) {
            problems.accept(new Problem(place, show(value), "a list of strings, whole numbers or booleans"));
            return null;
        }
        if (isTooLong(list.size(), place, problems)) {
            return null;
        }
        long[] elements = new long[list.size()];
        int n = 0;
        for (Object element : list) {
            String text = element == null ? null : categorical(element);
            if (text == null) {
                problems.accept(new Problem(place + "[" + n + "]", show(element), CATEGORICAL_EXPECTED));
                return null;
            }
            elements[n++] = hash(i, text);
        }
        return elements;
    }

    private void weightedSet(int i, Object value, String place, FeatureVector out, Consumer<Problem> problems) {
        if (!(value instanceof Map<?, ?> weights)) {
            problems.accept(new Problem(place, show(value), "an object of numbers"));
            return;
        }
        if (isTooLong(weights.size(), place, problems)) {
            return;
        }
        long[] elements = new long[weights.size()];
        float[] numbers = new float[weights.size()];
        int n = 0;
        for (Map.Entry<?, ?> entry : weights.entrySet()) {
            if (!isNumber(entry.getValue())) {
                problems.accept(new Problem(place + "." + entry.getKey(), show(entry.getValue()), NUMBER_EXPECTED));
                return;
            }
            elements[n] = hash(i, String.valueOf(entry.getKey()));
            numbers[n++] = ((Number) entry.getValue()).floatValue();
        }
        out.weightedSet(offset + i, elements, numbers);
    }

    private static float @Nullable [] numbers(Object value, String place, Consumer<Problem> problems) {
        if (!(value instanceof Collection<?> list)) {
            problems.accept(new Problem(place, show(value), "a list of numbers"));
            return null;
        }
        if (isTooLong(list.size(), place, problems)) {
            return null;
        }
        float[] numbers = new float[list.size()];
        int n = 0;
        for (Object element : list) {
            if (!isNumber(element)) {
                problems.accept(new Problem(place + "[" + n + "]", show(element), NUMBER_EXPECTED));
                return null;
            }
            numbers[n++] = ((Number) element).floatValue();
        }
        return numbers;
    }

    private static boolean isTooLong(int elements, String place, Consumer<Problem> problems) {
        boolean tooLong = elements > FeatureVector.MAX_ELEMENTS;
        if (tooLong) {
            problems.accept(
                    new Problem(place, elements + " elements", "at most " + FeatureVector.MAX_ELEMENTS + " elements"));
        }
        return tooLong;
    }

    private static long[] distinct(long[] elements) {
        Arrays.sort(elements);
        int n = 0;
        for (int e = 0; e < elements.length; e++) {
            if (e == 0 || elements[e] != elements[n - 1]) {
                elements[n++] = elements[e];
            }
        }
        return n == elements.length ? elements : Arrays.copyOf(elements, n);
    }

    private long hash(int i, String text) {
        long hash = hashes[i].hash(text);
        nameSink.name(hash, features.get(i).name(), text);
        return hash;
    }

    private static boolean isNumber(@Nullable Object value) {
        return value instanceof Number number && Float.isFinite(number.floatValue());
    }

    /** The text of a categorical value, or null where the value is none. */
    private static @Nullable String categorical(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigInteger) {
            return value.toString();
        }
        return null;
    }

    private static String show(@Nullable Object value) {
        return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
    }
}
