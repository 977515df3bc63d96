package io.millrace.features.aggregate;

import io.millrace.features.spec.AggregateFunction;
import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.PipelineSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Says of what happened which aggregates of which entities it is for. Safe for use by several threads. */
public final class Router {
    /** The most entities that one event may be for in a group: more come of sets that nobody meant to count by. */
    public static final int MOST_ENTITIES = 1000;

    /** Receives what is for one entity. */
    public interface Sink {
        /**
         * @param group which of {@link #groups}
         */
        void accept(int group, long entity, List<Hit> hits);
    }

    private static final class Source {
        private final int index;
        private final AggregateSpec spec;
        private final Condition where;
        private final Set<String> fields;

        Source(int index, AggregateSpec spec) {
            this.index = index;
            this.spec = spec;
            this.where = Condition.of(spec.where());
            this.fields = spec.fields();
        }
    }

    private final List<AggregateGroup> groups;
    private final List<List<Source>> sources;

    public Router(PipelineSpec spec) {
        this.groups = AggregateGroup.of(spec);
        this.sources = groups.stream()
                .map(group -> IntStream.range(0, group.aggregates().size())
                        .mapToObj(i -> new Source(i, group.aggregates().get(i)))
                        .toList())
                .toList();
    }

    public List<AggregateGroup> groups() {
        return groups;
    }

    /**
     * Tells what something that happened is for.
     *
     * @return whether all of it was told; not of a group in which it is for more than {@link #MOST_ENTITIES}
     */
    public boolean route(Facts facts, Sink sink) {
        boolean all = true;
        for (int g = 0; g < groups.size(); g++) {
            List<Hit> hits = new ArrayList<>();
            for (Source source : sources.get(g)) {
                if (source.fields.stream().allMatch(facts::knows)) {
                    hit(source, facts, hits);
                }
            }
            if (!hits.isEmpty()) {
                all &= tell(g, facts, hits, sink);
            }
        }
        return all;
    }

    private boolean tell(int g, Facts facts, List<Hit> hits, Sink sink) {
        AggregateGroup group = groups.get(g);
        long[][] values = new long[group.by().size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = facts.categories(group.by().get(i));
        }
        if (Entities.count(values) > MOST_ENTITIES) {
            return false;
        }
        Entities.forEach(group, values, entity -> sink.accept(g, entity, hits));
        return true;
    }

    private static void hit(Source source, Facts facts, List<Hit> hits) {
        observe(source, facts, one -> hits.add(new Hit.Added(source.index, one)));
        Facts.@Nullable Corrected corrected = facts.corrected();
        if (corrected != null) {
            correct(source, facts.knownMicros(), corrected, hits);
        }
    }

    /** What the correction does not change is no hit. */
    private static void correct(Source source, long knownMicros, Facts.Corrected corrected, List<Hit> hits) {
        List<Observation> wrong = new ArrayList<>();
        observe(source, corrected.wrong(), wrong::add);
        List<Observation> right = new ArrayList<>();
        observe(source, corrected.right(), right::add);
        for (int i = 0; i < Math.max(wrong.size(), right.size()); i++) {
            @Nullable Observation before = i < wrong.size() ? wrong.get(i) : null;
            @Nullable Observation after = i < right.size() ? right.get(i) : null;
            if (!Objects.equals(before, after)) {
                hits.add(new Hit.Corrected(source.index, new Correction(knownMicros, before, after)));
            }
        }
    }

    private static void observe(Source source, Facts facts, Consumer<Observation> out) {
        AggregateSpec spec = source.spec;
        boolean counts = facts.is(spec.over().kind()) && source.where.holds(facts);
        if (spec.function() == AggregateFunction.RATE) {
            boolean isPer = facts.is(spec.per());
            if (counts || isPer) {
                out.accept(observation(spec, facts, counts ? 1 : 0, isPer ? 1 : 0, 0));
            }
            return;
        }
        if (!counts) {
            return;
        }
        switch (spec.function()) {
            case COUNT, RATE -> out.accept(observation(spec, facts, 1, 1, 0));
            case AGE, SINCE_LAST -> out.accept(observation(spec, facts, facts.timeMicros(), 0, 0));
            case SUM, MEAN, MIN, MAX, LAST, QUANTILE -> {
                double number = facts.number(spec.over().field());
                if (Math.abs(number) <= Float.MAX_VALUE) {
                    out.accept(observation(spec, facts, number, 1, 0));
                }
            }
            case DISTINCT, TOP_K, LAST_K, COUNT_BY -> {
                for (long category : facts.categories(spec.over().field())) {
                    out.accept(observation(spec, facts, 1, 1, category));
                }
            }
        }
    }

    private static Observation observation(AggregateSpec spec, Facts facts, double number, double per, long category) {
        return new Observation(facts.timeMicros(), facts.id(spec.over().kind()), number, per, category);
    }
}
