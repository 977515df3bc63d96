package io.millrace.features.aggregate;

import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.Filter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter, ready to be asked. */
interface Condition {
    boolean holds(Facts facts);

    static Condition of(@Nullable Filter filter) {
        if (filter == null) {
            return facts -> true;
        }
        if (filter instanceof Filter.And and) {
            List<Condition> parts = and.parts().stream().map(Condition::of).toList();
            return facts -> parts.stream().allMatch(part -> part.holds(facts));
        }
        if (filter instanceof Filter.Or or) {
            List<Condition> parts = or.parts().stream().map(Condition::of).toList();
            return facts -> parts.stream().anyMatch(part -> part.holds(facts));
        }
        if (filter instanceof Filter.Not not) {
            Condition part = of(not.part());
            return facts -> !part.holds(facts);
        }
        if (filter instanceof Filter.Number number) {
            return facts -> number.comparison().holds(facts.number(number.field()), number.than());
        }
        Filter.Category category = (Filter.Category) filter;
        FeatureHash hash = FeatureHash.of(category.field());
        long[] wanted = category.categories().stream().mapToLong(hash::hash).toArray();
        return facts -> {
            long[] found = facts.categories(category.field());
            boolean isOneOf =
                    Arrays.stream(found).anyMatch(one -> Arrays.stream(wanted).anyMatch(other -> other == one));
            return found.length > 0 && isOneOf == category.isOneOf();
        };
    }
}
