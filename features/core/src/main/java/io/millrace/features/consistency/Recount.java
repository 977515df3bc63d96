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
import java.util.function.Predicate;
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
        if (aggregate.horizon() instanceof Horizon.Window window) {
            long tile = micros(window.tile());
            long length = micros(window.length());
            long first = Math.floorDiv(asOfMicros - length, tile);
            Told told = told(said -> Math.floorDiv(said.timeMicros(), tile) >= first);
            long last = told.all().stream()
                    .mapToLong(one -> Math.floorDiv(one.timeMicros(), tile))
                    .max()
                    .orElse(Long.MIN_VALUE);
            return told.all().isEmpty() || timeMicros >= (last + 1) * tile + length
                    ? certain(told, Formula.ofNothing(aggregate))
                    : value(told, asOfMicros, timeMicros);
        }
        Told told = told(said -> true);
        if (aggregate.ttl() != null) {
            return living(told, micros(aggregate.ttl()), asOfMicros, timeMicros);
        }
        return told.all().isEmpty() ? certain(told, Formula.ofNothing(aggregate)) : value(told, asOfMicros, timeMicros);
    }

    private Told told(Predicate<Seen.Said> isInSight) {
        List<Seen> records = new ArrayList<>();
        List<Seen.Said> of = new ArrayList<>();
        for (Seen one : known) {
            for (Seen.Said said : one.of().getOrDefault(aggregate.name(), List.of())) {
                if (isInSight.test(said)) {
                    records.add(one);
                    of.add(said);
                }
            }
        }
        return Told.of(aggregate.function(), records, of);
    }

    private static Reading certain(Told told, Reading reading) {
        return told.isCertain() ? reading : Reading.UNCERTAIN;
    }

    /**
     * Whether an entity was forgotten before what came late kept it depends on when that came: then nothing is said. So it is with labels that
     * were counted or taken back late, unless there was always another to keep it.
     */
    private Reading living(Told told, long ttl, long asOfMicros, long timeMicros) {
        long at = Math.max(asOfMicros, timeMicros);
        List<Told.One> late = Stream.concat(told.all().stream().filter(Told.One::isLate), told.takenBack().stream())
                .toList();
        boolean isAllYoung =
                Stream.concat(told.all().stream(), late.stream()).allMatch(one -> one.timeMicros() + ttl > at);
        if (isAllYoung) {
            return told.all().isEmpty()
                    ? certain(told, Formula.ofNothing(aggregate))
                    : value(told, asOfMicros, timeMicros);
        }
        List<Told.One> ascending = told.all().stream()
                .filter(one -> !one.isLate())
                .sorted(Comparator.comparingLong(Told.One::timeMicros))
                .toList();
        List<Told.One> living = new ArrayList<>();
        boolean isCertain = told.isCertain();
        for (Told.One one : ascending) {
            if (!living.isEmpty()) {
                long forgotten = living.get(living.size() - 1).timeMicros() + ttl;
                if (one.timeMicros() >= forgotten) {
                    living.clear();
                    isCertain = told.isCertain();
                } else {
                    isCertain &= one.reachedMicros() < forgotten;
                }
            }
            living.add(one);
        }
        if (living.isEmpty()) {
            return late.isEmpty() ? certain(told, Formula.ofNothing(aggregate)) : Reading.UNCERTAIN;
        }
        long first = living.get(0).timeMicros();
        long end = living.get(living.size() - 1).timeMicros() + ttl;
        if (late.stream()
                .anyMatch(
                        one -> one.timeMicros() >= end || one.timeMicros() < first && one.timeMicros() + ttl > first)) {
            return Reading.UNCERTAIN;
        }
        List<Told.One> kept = Stream.concat(late.stream(), living.stream())
                .filter(one -> one.timeMicros() >= first)
                .toList();
        if (kept.stream().allMatch(one -> one.timeMicros() + ttl <= at)) {
            return Formula.ofNothing(aggregate);
        }
        List<Told.One> counted =
                told.all().stream().filter(one -> one.timeMicros() >= first).toList();
        return value(new Told(counted, told.takenBack(), isCertain), asOfMicros, timeMicros);
    }

    private Reading value(Told told, long asOfMicros, long timeMicros) {
        if (!told.isCertain()) {
            return Reading.UNCERTAIN;
        }
        List<Told.One> all = told.all();
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
            case LAST ->
                isPushedOut(told, 1)
                        ? Reading.UNCERTAIN
                        : Reading.of(latest(all).number());
            case QUANTILE -> quantile(numbers(all));
            case AGE ->
                Reading.of(Formula.seconds(
                        all.stream().mapToLong(Told.One::timeMicros).min().orElseThrow(), timeMicros));
            case SINCE_LAST ->
                Reading.of(Formula.seconds(
                        all.stream().mapToLong(Told.One::timeMicros).max().orElseThrow(), timeMicros));
            case DISTINCT ->
                distinct(elements(all).map(Element::category).distinct().count());
            case LAST_K -> isPushedOut(told, aggregate.k()) ? Reading.UNCERTAIN : lastK(all);
            case TOP_K -> isTooMany(told, FREQUENT_EXACT) ? Reading.UNCERTAIN : topK(all);
            case COUNT_BY -> isTooMany(told, CATEGORIES_EXACT) ? Reading.UNCERTAIN : countBy(all, at);
        };
    }

    /** Whether one that was taken back may have pushed out one of the latest few. */
    private boolean isPushedOut(Told told, int most) {
        long[] times =
                told.all().stream().mapToLong(Told.One::timeMicros).sorted().toArray();
        long oldest = times.length < most ? Long.MIN_VALUE : times[times.length - most];
        return told.takenBack().stream().anyMatch(gone -> gone.timeMicros() >= oldest);
    }

    private boolean isTooMany(Told told, int most) {
        return Stream.concat(told.all().stream(), told.takenBack().stream())
                        .flatMapToLong(one -> Arrays.stream(part(one).categories()))
                        .distinct()
                        .count()
                > most;
    }

    private static Seen.Part part(Told.One one) {
        return one.part();
    }

    private double weight(Told.One one, long atMicros) {
        return aggregate.horizon() instanceof Horizon.Decay decay
                ? Formula.decayed(atMicros - one.timeMicros(), micros(decay.halfLife()))
                : 1;
    }

    private double sum(List<Told.One> all, long atMicros, ToDoubleFunction<Seen.Part> number) {
        return all.stream()
                .mapToDouble(one -> number.applyAsDouble(part(one)) * weight(one, atMicros))
                .sum();
    }

    private Reading mean(List<Told.One> all, long atMicros) {
        double weights = all.stream().mapToDouble(one -> weight(one, atMicros)).sum();
        return weights > 0
                ? Reading.of(
                        sum(all, atMicros, Seen.Part::number) / weights,
                        sum(all, atMicros, part -> Math.abs(part.number())) / weights)
                : Reading.MISSING;
    }

    private double[] numbers(List<Told.One> all) {
        return all.stream().mapToDouble(one -> part(one).number()).sorted().toArray();
    }

    private Seen.Part latest(List<Told.One> all) {
        return part(all.stream()
                .max(Comparator.comparingLong(Told.One::timeMicros).thenComparingLong(Told.One::id))
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

    private Stream<Element> elements(List<Told.One> all) {
        return all.stream()
                .flatMap(one -> Arrays.stream(part(one).categories())
                        .mapToObj(category -> new Element(one.timeMicros(), one.id(), category)));
    }

    private Reading lastK(List<Told.One> all) {
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

    private Reading topK(List<Told.One> all) {
        Map<Long, Long> counts =
                elements(all).collect(Collectors.groupingBy(Element::category, TreeMap::new, Collectors.counting()));
        return Reading.of(counts.entrySet().stream()
                .sorted(Map.Entry.<Long, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(aggregate.k())
                .mapToLong(Map.Entry::getKey)
                .toArray());
    }

    private Reading countBy(List<Told.One> all, long atMicros) {
        TreeMap<Long, Double> counts = new TreeMap<>();
        for (Told.One one : all) {
            for (long category : part(one).categories()) {
                counts.merge(category, weight(one, atMicros), Double::sum);
            }
        }
        return Reading.of(
                counts.keySet().stream().mapToLong(Long::longValue).toArray(),
                counts.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static long micros(Duration duration) {
        return TimeUnit.SECONDS.toMicros(duration.getSeconds()) + TimeUnit.NANOSECONDS.toMicros(duration.getNano());
    }
}
