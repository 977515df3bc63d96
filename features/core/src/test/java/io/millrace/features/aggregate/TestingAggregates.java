package io.millrace.features.aggregate;

import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecReader;
import java.util.List;
import java.util.stream.Collectors;

/** Pipelines with aggregates over a kind of event with a number, a category and a set. */
final class TestingAggregates {
    private TestingAggregates() {}

    /** A pipeline whose features these are, a line each. */
    static PipelineSpec pipeline(String... features) {
        String declared =
                List.of(features).stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
        return SpecReader.read("""
                pipeline: shop
                decision:
                  subject: user
                  context: {country: categorical}
                  candidate: {item: categorical, tags: categorical_set, price: numeric}
                feedback: {reward: {click: 1, like: 2}, final: [like]}
                events:
                  sale: {entities: [user, item], values: {price: numeric, shop: categorical, tags: categorical_set}}
                  visit: {entities: [user, item]}
                """ + (declared.isEmpty() ? "" : "features:\n" + declared), "shop.yaml");
    }

    /** The one group of such a pipeline. */
    static AggregateGroup group(String... features) {
        List<AggregateGroup> groups = AggregateGroup.of(pipeline(features));
        if (groups.size() != 1) {
            throw new IllegalArgumentException("groups: " + groups.size() + " (expected: 1)");
        }
        return groups.get(0);
    }
}
