package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.List;

/** One element of a weighted set: a feature and a finite value. */
public record Weight(String feature, double value) {
    static final String EXPECTED = "feature:value ..., values finite numbers";

    /**
     * Adds what Vowpal Wabbit's notation lists: {@code a:1.5 b}, between blanks, where no value means 1.
     *
     * @param scale multiplies each value
     * @return the part that is wrong; empty if none is
     */
    static String parse(String text, double scale, List<Weight> into) {
        int length = text.length();
        int position = 0;
        while (position < length) {
            if (isBlank(text.charAt(position))) {
                position++;
                continue;
            }
            int start = position;
            int colon = -1;
            for (; position < length && !isBlank(text.charAt(position)); position++) {
                if (colon < 0 && text.charAt(position) == ':') {
                    colon = position;
                }
            }
            double value = colon < 0 ? 1 : Numbers.orNaN(text, colon + 1, position);
            if (colon == start || Double.isNaN(value)) {
                return text.substring(start, position);
            }
            into.add(new Weight(text.substring(start, colon < 0 ? position : colon), value * scale));
        }
        return "";
    }

    /** Features between blanks. */
    static List<Weight> ones(List<String> features) {
        List<Weight> weights = new ArrayList<>(features.size());
        features.forEach(feature -> weights.add(new Weight(feature, 1)));
        return weights;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }
}
