package io.millrace.features.spec;

import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A feature that is computed from the stream.
 *
 * @param over what it is over
 * @param per of a rate, the kind that it is a share of
 * @param where which of them count; all where there is none; of a rate, which of {@code over}
 * @param by the features whose values name the entity; a set names one entity for each of its elements
 * @param ttl how long after the latest event of an entity its value is forgotten; none for never
 * @param prior of a rate, what is imagined before the first
 * @param k of {@code top_k} and {@code last_k}, how many
 * @param quantile of a quantile, which
 * @param each of an entity with sets, whether each element's value is a weight of its own instead of the mean of all
 */
public record AggregateSpec(
        String name,
        AggregateFunction function,
        Operand over,
        @Nullable String per,
        @Nullable Filter where,
        List<String> by,
        Horizon horizon,
        @Nullable Duration ttl,
        @Nullable Prior prior,
        int k,
        double quantile,
        boolean each)
        implements Serializable {
    /**
     * What a rate is before anything happened: {@code (count + strength * rate) / (per + strength)}.
     *
     * @param logOdds whether the value is ln(p / (1 - p)) of that
     */
    public record Prior(double rate, double strength, boolean logOdds) implements Serializable {}

    public AggregateSpec {
        by = List.copyOf(by);
    }

    /** The feature that it is in a vector. */
    public Feature feature() {
        return new Feature(name, each ? FeatureKind.WEIGHTED_SET : function.kind());
    }

    /** The fields that have to be known of what happened: by which it is, that it is over, and that it asks for. */
    public Set<String> fields() {
        Set<String> fields = new TreeSet<>(by);
        if (over.field() != null) {
            fields.add(over.field());
        }
        if (where != null) {
            where.fields((field, as) -> fields.add(field));
        }
        return fields;
    }

    /** What its state depends on, as text: two aggregates with the same definition have the same state. */
    public String definition() {
        StringBuilder text = new StringBuilder(function.text() + " " + over);
        if (per != null) {
            text.append(" per ").append(per);
        }
        if (where != null) {
            text.append(" where ").append(where);
        }
        text.append(" by ").append(String.join(", ", by));
        if (horizon instanceof Horizon.Window window) {
            text.append(" window ")
                    .append(Units.show(window.length()))
                    .append(" tile ")
                    .append(Units.show(window.tile()));
        } else if (horizon instanceof Horizon.Decay decay) {
            text.append(" half_life ").append(Units.show(decay.halfLife()));
        }
        if (ttl != null) {
            text.append(" ttl ").append(Units.show(ttl));
        }
        if (function == AggregateFunction.TOP_K || function == AggregateFunction.LAST_K) {
            text.append(" k ").append(k);
        } else if (function == AggregateFunction.QUANTILE) {
            text.append(" q ").append(Units.show(quantile));
        }
        return text.toString();
    }

    /** What its value depends on, as text: the definition, and how a value is made of the state. */
    public String meaning() {
        StringBuilder text = new StringBuilder(definition());
        if (prior != null) {
            text.append(" prior ")
                    .append(Units.show(prior.rate()))
                    .append(" strength ")
                    .append(Units.show(prior.strength()))
                    .append(prior.logOdds() ? " as log_odds" : "");
        }
        return each ? text.append(" set each").toString() : text.toString();
    }
}
