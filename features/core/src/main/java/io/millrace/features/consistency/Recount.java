package io.millrace.features.consistency;

import io.millrace.features.spec.AggregateSpec;
import io.millrace.features.spec.Horizon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One feature of one entity, of everything that happened to it. */
final class Recount {
    /** Up to so many different ones are counted exactly; beyond that they are estimated, with at most this error. */
    private static final int DISTINCT_EXACT = 256;

    private static final double DISTINCT_ERROR = 0.1;
    private static final double QUANTILE_ERROR = 0.011;
    private static final int FREQUENT_EXACT = 384;
    private static final int CATEGORIES_EXACT = 1000;

    private final AggregateSpec aggregate;
    private final List<Seen> known;

    /** One category of one of them, or none. */
    private record Element(long timeMicros, long id, long category) {}

    /** @param known all that concerns the entity */
    Recount(AggregateSpec aggregate, List<Seen> known) {
        this.aggregate = aggregate;
        this.known = known;
    }

    /**
     * @param asOfMicros what windows end at
     * @param timeMicros when it is read
     */
    Reading read(long asOfMicros, long timeMicros) {
        List<Seen> all = known.stream()
                .filter(one -> one.of().containsKey(aggregate.name()))
                .toList();
        if (aggregate.horizon() instanceof Horizon.Window window) {
            long tile = micros(window.tile());
            long length = micros(window.length());
            long first = Math.floorDiv(asOfMicros - length, tile);
            List<Seen> inSight = all.stream()
                    .filter(one -> Math.floorDiv(one.timeMicros(), tile) >= first)
                    .toList();
            long last = inSight.stream()
                    .mapToLong(one -> Math.floorDiv(one.timeMicros(), tile))
                    .max()
                    .orElse(Long.MIN_VALUE);
            return inSight.isEmpty() || timeMicros >= (last + 1) * tile + length
                    ? Formula.ofNothing(aggregate)
                    : value(inSight, asOfMicros, timeMicros);
        }
        if (aggregate.ttl() != null) {
            return living(all, micros(aggregate.ttl()), asOfMicros, timeMicros);
        }
        return all.isEmpty() ? Formula.ofNothing(aggregate) : value(all, asOfMicros, timeMicros);
    }

    /** Whether an entity was forgotten before what came late kept it depends on when that came: then nothing is said. */
    private Reading living(List<Seen> all, long ttl, long asOfMicros, long timeMicros) {
        List<Seen> ascending =
                all.stream().sorted(Comparator.comparingLong(Seen::timeMicros)).toList();
        List<Seen> living = new ArrayList<>();
        boolean isCertain = true;
        for (Seen one : ascending) {
            if (!living.isEmpty()) {
                long forgotten = living.get(living.size() - 1).timeMicros() + ttl;
                if (one.timeMicros() >= forgotten) {
                    living.clear();
                    isCertain = true;
                } else {
                    isCertain &= one.reachedMicros() < forgotten;
                }
            }
            living.add(one);
        }
        if (living.isEmpty()
                || Math.max(asOfMicros, timeMicros)
                        >= living.get(living.size() - 1).timeMicros() + ttl) {
            return Formula.ofNothing(aggregate);
        }
        return isCertain ? value(living, asOfMicros, timeMicros) : Reading.UNCERTAIN;
    }

    private Reading value(List<Seen> all, long asOfMicros, long timeMicros) {
        long at = Math.max(asOfMicros, timeMicros);
        return switch (aggregate.function()) {
            case COUNT -> Reading.of(sum(all, at, part -> part.counts() ? 1 : 0));
            case SUM -> Reading.of(sum(all, at, Seen.Part::number), sum(all, at, part -> Math.abs(part.number())));
            case MEAN -> mean(all, at);
            case RATE ->
                Formula.rate(
                        aggregate,
                        sum(all, at, part -> part.counts() ? 1 : 0),
                        sum(all, at, part -> part.isPer() ? 1 : 0));
            case MIN -> Reading.of(numbers(all)[0]);
            case MAX -> Reading.of(numbers(all)[all.size() - 1]);
            case LAST -> Reading.of(latest(all).number());
            case QUANTILE -> quantile(numbers(all));
            case AGE ->
                Reading.of(Formula.seconds(
                        all.stream().mapToLong(Seen::timeMicros).min().orElseThrow(), timeMicros));
            case SINCE_LAST ->
                Reading.of(Formula.seconds(
                        all.stream().mapToLong(Seen::timeMicros).max().orElseThrow(), timeMicros));
            case DISTINCT ->
                distinct(elements(all).map(Element::category).distinct().count());
            case LAST_K -> lastK(all);
            case TOP_K -> topK(all);
            case COUNT_BY -> countBy(all, at);
        };
    }

    private Seen.Part part(Seen one) {
        return one.of().get(aggregate.name());
    }

    private double weight(Seen one, long atMicros) {
        return aggregate.horizon() instanceof Horizon.Decay decay
                ? Formula.decayed(atMicros - one.timeMicros(), micros(decay.halfLife()))
                : 1;
    }

    private double sum(List<Seen> all, long atMicros, ToDoubleFunction<Seen.Part> number) {
        return all.stream()
                .mapToDouble(one -> number.applyAsDouble(part(one)) * weight(one, atMicros))
                .sum();
    }

    private Reading mean(List<Seen> all, long atMicros) {
        double weights = all.stream().mapToDouble(one -> weight(one, atMicros)).sum();
        return weights > 0
                ? Reading.of(
                        sum(all, atMicros, Seen.Part::number) / weights,
                        sum(all, atMicros, part -> Math.abs(part.number())) / weights)
                : Reading.MISSING;
    }

    private double[] numbers(List<Seen> all) {
        return all.stream().mapToDouble(one -> part(one).number()).sorted().toArray();
    }

    private Seen.Part latest(List<Seen> all) {
        return part(all.stream()
                .max(Comparator.comparingLong(Seen::timeMicros).thenComparingLong(Seen::id))
                .orElseThrow());
    }

    /** Between two numbers of the list any is as good. */
    private Reading quantile(double[] ascending) {
        double rank = aggregate.quantile() * (ascending.length - 1);
        double low = ascending[(int) Math.floor(rank)];
        double high = ascending[(int) Math.ceil(rank)];
        double middle = (low + high) / 2;
        double half = (high - low) / 2 + QUANTILE_ERROR * Math.max(Math.abs(low), Math.abs(high));
        return Reading.estimate(middle, middle == 0 ? 0 : half / Math.abs(middle));
    }

    private static Reading distinct(long count) {
        return Reading.estimate(count, count > DISTINCT_EXACT ? DISTINCT_ERROR : 0);
    }

    private Stream<Element> elements(List<Seen> all) {
        return all.stream()
                .flatMap(one -> Arrays.stream(part(one).categories())
                        .mapToObj(category -> new Element(one.timeMicros(), one.id(), category)));
    }

    private Reading lastK(List<Seen> all) {
        List<Element> ascending = elements(all)
                .distinct()
                .sorted(Comparator.comparingLong(Element::timeMicros)
                        .thenComparingLong(Element::id)
                        .thenComparingLong(Element::category))
                .toList();
        return Reading.of(ascending.subList(Math.max(0, ascending.size() - aggregate.k()), ascending.size()).stream()
                .mapToLong(Element::category)
                .toArray());
    }

    private Reading topK(List<Seen> all) {
        Map<Long, Long> counts =
                elements(all).collect(Collectors.groupingBy(Element::category, TreeMap::new, Collectors.counting()));
        if (counts.size() > FREQUENT_EXACT) {
            return Reading.UNCERTAIN;
        }
        return Reading.of(counts.entrySet().stream()
                .sorted(Map.Entry.<Long, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(aggregate.k())
                .mapToLong(Map.Entry::getKey)
                .toArray());
    }

    private Reading countBy(List<Seen> all, long atMicros) {
        TreeMap<Long, Double> counts = new TreeMap<>();
        for (Seen one : all) {
            for (long category : part(one).categories()) {
                counts.merge(category, weight(one, atMicros), Double::sum);
            }
        }
        if (counts.size() > CATEGORIES_EXACT) {
            return Reading.UNCERTAIN;
        }
        return Reading.of(
                counts.keySet().stream().mapToLong(Long::longValue).toArray(),
                counts.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static long micros(Duration duration) {
        return TimeUnit.SECONDS.toMicros(duration.getSeconds()) + TimeUnit.NANOSECONDS.toMicros(duration.getNano());
    }
}
