package io.millrace.features.consistency;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.encode.FeatureHash;
import io.millrace.features.spec.Filter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether something that happened fulfils a filter. */
final class Matching {
    private Matching() {}

    static boolean holds(@Nullable Filter filter, Facts facts) {
        if (filter == null) {
            return true;
        }
        if (filter instanceof Filter.And and) {
            return and.parts().stream().allMatch(part -> holds(part, facts));
        }
        if (filter instanceof Filter.Or or) {
            return or.parts().stream().anyMatch(part -> holds(part, facts));
        }
        if (filter instanceof Filter.Not not) {
            return !holds(not.part(), facts);
        }
        if (filter instanceof Filter.Number number) {
            return number.comparison().holds(facts.number(number.field()), number.than());
        }
        Filter.Category category = (Filter.Category) filter;
        long[] found = facts.categories(category.field());
        boolean isOneOf = category.categories().stream()
                .map(FeatureHash.of(category.field())::hash)
                .anyMatch(wanted -> Arrays.stream(found).anyMatch(one -> one == wanted));
        return found.length > 0 && isOneOf == category.isOneOf();
    }
}
