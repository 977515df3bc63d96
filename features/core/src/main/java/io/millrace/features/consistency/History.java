package io.millrace.features.consistency;

import io.millrace.features.aggregate.Facts;
import io.millrace.features.aggregate.Origin;
import io.millrace.features.spec.AggregateFunction;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that happened to some entities, as it stands in the log; some 200 bytes for each of it. */
public final class History {
    private static final long[] NONE = {};

    private final List<AggregateSpec> aggregates;
    private final Set<List<String>> groups = new LinkedHashSet<>();
    private final Map<EntityName, List<Seen>> seen = new HashMap<>();
    private final Map<String, Long> reachedMicros = new HashMap<>();

    /** @param wanted the entities */
    public History(PipelineSpec spec, Collection<EntityName> wanted) {
        this.aggregates = spec.aggregates();
        aggregates.forEach(aggregate -> groups.add(aggregate.by()));
        wanted.forEach(entity -> seen.put(entity, new ArrayList<>()));
    }

    /** Takes what a record says; records of a partition come in their order. */
    public void add(Origin origin, int partition, long offset, Facts facts) {
        long reached = reachedMicros.merge(origin + "-" + partition, facts.timeMicros(), Math::max);
        for (List<String> by : groups) {
            Map<String, List<Seen.Said>> said = said(by, facts);
            if (!said.isEmpty()) {
                Seen one = new Seen(origin, partition, offset, reached, said);
                List<long[]> values = by.stream().map(facts::categories).toList();
                Combination.of(by, values).forEach(entity -> {
                    List<Seen> wanted = seen.get(entity);
                    if (wanted != null) {
                        wanted.add(one);
                    }
                });
            }
        }
    }

    private Map<String, List<Seen.Said>> said(List<String> by, Facts facts) {
        Map<String, List<Seen.Said>> said = new HashMap<>();
        for (AggregateSpec aggregate : aggregates) {
            if (aggregate.by().equals(by) && aggregate.fields().stream().allMatch(facts::knows)) {
                List<Seen.Said> all = new ArrayList<>(1);
                Seen.@Nullable Part part = part(aggregate, facts);
                if (part != null) {
                    all.add(said(aggregate, facts, false, null, part));
                }
                Facts.@Nullable Corrected corrected = facts.corrected();
                if (corrected != null) {
                    Seen.@Nullable Part wrong = part(aggregate, corrected.wrong());
                    Seen.@Nullable Part right = part(aggregate, corrected.right());
                    if (!Seen.Part.isSame(wrong, right)) {
                        all.add(said(aggregate, corrected.right(), true, wrong, right));
                    }
                }
                if (!all.isEmpty()) {
                    said.put(aggregate.name(), all);
                }
            }
        }
        return said;
    }

    private static Seen.Said said(
            AggregateSpec aggregate,
            Facts facts,
            boolean isCorrection,
            Seen.@Nullable Part wrong,
            Seen.@Nullable Part right) {
        long id = facts.id(aggregate.over().kind());
        return new Seen.Said(facts.timeMicros(), id, isCorrection, wrong, right);
    }

    /** Null where it does not concern the feature. */
    private static Seen.@Nullable Part part(AggregateSpec aggregate, Facts facts) {
        boolean counts = facts.is(aggregate.over().kind()) && Matching.holds(aggregate.where(), facts);
        boolean isPer = aggregate.function() == AggregateFunction.RATE && facts.is(aggregate.per());
        String field = aggregate.over().field();
        double number = field == null ? Double.NaN : facts.number(field);
        long[] categories = counts && field != null ? facts.categories(field) : NONE;
        return isPer || counts && isUsable(aggregate.function(), number, categories)
                ? new Seen.Part(counts, isPer, number, categories)
                : null;
    }

    private static boolean isUsable(AggregateFunction function, double number, long[] categories) {
        return switch (function) {
            case COUNT, RATE, AGE, SINCE_LAST -> true;
            case SUM, MEAN, MIN, MAX, LAST, QUANTILE -> Math.abs(number) <= Float.MAX_VALUE;
            case DISTINCT, TOP_K, LAST_K, COUNT_BY -> categories.length > 0;
        };
    }

    /**
     * Whether the log tells what an entity was. Where the job runs in several tasks, one record may overtake another of the same
     * partition; an entity that soon after had more of the records up to the same place was overtaken.
     *
     * @param later how far its values reached soon after
     * @param mayBePassedOver whether the job may rightly have passed over records that are here: then nothing is said where it has fewer
     */
    public boolean tells(EntityName entity, Reach reach, Collection<Reach> later, boolean mayBePassedOver) {
        if (!reach.isKnown()) {
            return false;
        }
        long missing = missing(entity, reach);
        return missing <= 0 || !mayBePassedOver && later.stream().noneMatch(one -> missing(entity, one) < missing);
    }

    /** How many records up to these positions concern an entity and are not among those that were taken. */
    private long missing(EntityName entity, Reach reach) {
        return count(entity, reach) - reach.taken();
    }

    private long count(EntityName entity, Reach reach) {
        return seen.getOrDefault(entity, List.of()).stream()
                .filter(reach::covers)
                .count();
    }

    /** What a feature of an entity is, of all records up to these positions. */
    public Reading read(AggregateSpec aggregate, EntityName entity, Reach reach, long timeMicros) {
        List<Seen> known = seen.getOrDefault(entity, List.of()).stream()
                .filter(reach::covers)
                .toList();
        return new Recount(aggregate, known).read(reach.asOfMicros(), timeMicros);
    }
}
