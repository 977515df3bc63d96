package io.millrace.ingestion.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An example of Vowpal Wabbit: {@code label [importance [base]] ['tag]|namespace[:scale] feature[:value] ...}.
 *
 * <p>The columns {@code label}, {@code importance}, {@code base} and {@code tag} are what stands before the first bar; every
 * other name is a namespace, {@code default} the one without a name. As text, a namespace is its features as they stand.
 */
final class VwRow extends Row {
    static final String EXAMPLE = "label [importance [base]] ['tag]|namespace feature:value ...";

    private static final String SIMPLE =
            "a number as label, importance and base: costs and contextual-bandit labels are not read";
    private static final String SCALE = "namespace:scale, the scale a finite number";
    private static final String UNNAMED = "default";
    private static final List<String> HEAD = List.of("label", "importance", "base");
    private static final String TAG = "tag";

    private final String text;

    VwRow(Columns columns, long line, String text) {
        super(columns, line);
        this.text = text;
    }

    @Override
    @Nullable
    Object cell(Column column) {
        int bar = text.indexOf('|');
        if (bar < 0) {
            throw wrong(text, EXAMPLE);
        }
        if (column.name().equals(TAG) || HEAD.contains(column.name())) {
            return ofHead(column.name(), bar);
        }
        StringBuilder features = new StringBuilder();
        for (Namespace namespace : namespaces(column.name(), bar)) {
            features.append(features.isEmpty() ? "" : " ").append(namespace.features());
        }
        return Cells.decoded(features.toString());
    }

    private @Nullable Object ofHead(String name, int bar) {
        String[] tokens = text.substring(0, bar).strip().split("[ \t]+");
        int numbers = tokens[0].isEmpty() ? 0 : tokens.length;
        String tag = "";
        if (numbers > 0 && isTag(tokens[numbers - 1], bar)) {
            numbers--;
            tag = tokens[numbers].startsWith("'") ? tokens[numbers].substring(1) : tokens[numbers];
        }
        if (name.equals(TAG)) {
            return Cells.decoded(tag);
        }
        for (int i = 0; i < numbers; i++) {
            if (i >= HEAD.size() || Double.isNaN(Numbers.orNaN(tokens[i]))) {
                return new Unreadable(text.substring(0, bar).strip(), SIMPLE);
            }
        }
        int index = HEAD.indexOf(name);
        return index < numbers ? tokens[index] : null;
    }

    /** A tag touches the bar, or says that it is one. */
    private boolean isTag(String last, int bar) {
        return last.startsWith("'") || !Weight.isBlank(text.charAt(bar - 1));
    }

    private record Namespace(double scale, String features) {}

    /** A line may name a namespace more than once. */
    private List<Namespace> namespaces(String name, int firstBar) {
        List<Namespace> found = new ArrayList<>(1);
        for (int bar = firstBar; bar >= 0; ) {
            int next = text.indexOf('|', bar + 1);
            int end = next < 0 ? text.length() : next;
            int nameEnd = bar + 1;
            while (nameEnd < end && !Weight.isBlank(text.charAt(nameEnd))) {
                nameEnd++;
            }
            String head = text.substring(bar + 1, nameEnd);
            int colon = head.indexOf(':');
            String bare = colon < 0 ? head : head.substring(0, colon);
            if (name.equals(bare.isEmpty() ? UNNAMED : bare)) {
                double scale = colon < 0 ? 1 : Numbers.orNaN(head.substring(colon + 1));
                if (Double.isNaN(scale)) {
                    throw wrong(name, head, SCALE);
                }
                found.add(new Namespace(scale, text.substring(nameEnd, end).strip()));
            }
            bar = next;
        }
        return found;
    }

    @Override
    public List<Weight> weights(Column column) {
        if (column.name().equals(TAG) || HEAD.contains(column.name())) {
            return super.weights(column);
        }
        List<Weight> weights = new ArrayList<>();
        if (checked(column) == null) {
            return weights;
        }
        for (Namespace namespace : namespaces(column.name(), text.indexOf('|'))) {
            String bad = Weight.parse(namespace.features(), namespace.scale(), weights);
            if (!bad.isEmpty()) {
                throw wrong(column, bad, Weight.EXPECTED);
            }
        }
        return weights;
    }

    @Override
    public String raw() {
        return text;
    }
}
