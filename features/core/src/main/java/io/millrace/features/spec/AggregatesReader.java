package io.millrace.features.spec;

import io.millrace.features.spec.AggregateFunction.Takes;
import io.millrace.vector.FeatureKind;
import io.millrace.wire.Problem;
import io.millrace.wire.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code features}: what is computed from the stream. */
final class AggregatesReader {
    private final Section features;
    private final KnownKinds kinds;
    private final Map<String, FeatureKind> declared = new HashMap<>();
    private final boolean declarationsKnown;

    private AggregatesReader(Section features, KnownKinds kinds, DecisionSpec decision, boolean declarationsKnown) {
        this.features = features;
        this.kinds = kinds;
        this.declarationsKnown = declarationsKnown;
        Stream.concat(decision.shared().stream(), decision.candidate().stream())
                .forEach(feature -> declared.put(feature.name(), feature.kind()));
    }

    static List<AggregateSpec> read(
            Section features, KnownKinds kinds, DecisionSpec decision, boolean declarationsKnown) {
        AggregatesReader reader = new AggregatesReader(features, kinds, decision, declarationsKnown);
        List<AggregateSpec> read = new ArrayList<>();
        for (String name : features.names()) {
            if (Kind.name().parse().apply(name).isEmpty()) {
                reader.report(
                        features, features.key(name), "", name, Kind.name().expected());
            } else if (reader.declared.containsKey(name)) {
                reader.report(features, features.key(name), name, "declared before", "a name of its own");
            }
            reader.aggregate(features.section(name), name).ifPresent(read::add);
        }
        return read;
    }

    private Optional<AggregateSpec> aggregate(Section section, String name) {
        List<AggregateFunction> given = Arrays.stream(AggregateFunction.values())
                .filter(function -> section.has(function.text()))
                .toList();
        if (given.size() != 1) {
            if (!features.isNoMapping(name)) {
                report(
                        section,
                        features.key(name),
                        "",
                        given.isEmpty() ? "no function" : functions(given),
                        "one of " + functions(List.of(AggregateFunction.values())));
            }
            given.forEach(function -> section.node(function.text()));
            return Optional.empty();
        }
        AggregateFunction function = given.get(0);
        Optional<Operand> over = operand(section, function);
        Optional<String> per = per(section, function);
        List<String> by = by(
                section,
                Stream.concat(over.map(Operand::kind).stream(), per.stream()).toList());
        checkOneEntity(section, function, by);
        @Nullable Filter where = where(section, over.map(Operand::kind).orElse(null));
        Horizon horizon = new HorizonReader(section).read(function);
        AggregateSpec.@Nullable Prior prior = prior(section, function);
        int k = only(section, Settings.AGGREGATE_K, isK(function), "top_k or last_k")
                .intValue();
        double quantile =
                only(section, Settings.AGGREGATE_QUANTILE, function == AggregateFunction.QUANTILE, "quantile");
        boolean each = each(section, function, by);
        AggregateSpec aggregate = new AggregateSpec(
                name,
                function,
                over.orElse(new Operand(Operand.LABEL, null)),
                per.orElse(null),
                where,
                by,
                horizon,
                HorizonReader.ttl(section, horizon),
                prior,
                k,
                quantile,
                each);
        section.reportUnknown();
        return Optional.of(aggregate);
    }

    private static boolean isK(AggregateFunction function) {
        return function == AggregateFunction.TOP_K || function == AggregateFunction.LAST_K;
    }

    private static String functions(List<AggregateFunction> functions) {
        return functions.stream().map(AggregateFunction::text).collect(Collectors.joining(", "));
    }

    private Optional<Operand> operand(Section section, AggregateFunction function) {
        String key = function.text();
        Node node = section.node(key).orElseThrow();
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : Section.show(node);
        Optional<Operand> operand = kinds.operand(text);
        if (operand.isEmpty()) {
            report(
                    section,
                    node,
                    key,
                    text,
                    "a kind" + ofField(function) + ": "
                            + Suggestion.expected(text, kinds.all().keySet()));
            return operand;
        }
        @Nullable String field = operand.get().field();
        Map<String, FeatureKind> fields = kinds.fields(operand.get().kind());
        List<String> fitting = fields.entrySet().stream()
                .filter(entry -> fits(function.takes(), entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (function.takes() == Takes.NOTHING) {
            if (field != null) {
                report(
                        section,
                        node,
                        key,
                        text,
                        "a kind without a field: " + operand.get().kind());
            }
        } else if (field == null || !fitting.contains(field)) {
            report(
                    section,
                    node,
                    key,
                    text,
                    operand.get().kind() + ofField(function) + ": "
                            + (fitting.isEmpty()
                                    ? "it has none"
                                    : Suggestion.expected(field == null ? "" : field, fitting)));
        }
        return operand;
    }

    private static String ofField(AggregateFunction function) {
        return switch (function.takes()) {
            case NOTHING -> "";
            case NUMBER -> ".FIELD with a numeric field";
            case CATEGORY -> ".FIELD with a categorical field";
        };
    }

    private static boolean fits(Takes takes, FeatureKind kind) {
        return switch (takes) {
            case NOTHING -> false;
            case NUMBER -> kind == FeatureKind.NUMERIC;
            case CATEGORY -> isCategorical(kind);
        };
    }

    private static boolean isCategorical(@Nullable FeatureKind kind) {
        return kind == FeatureKind.CATEGORICAL || kind == FeatureKind.CATEGORICAL_SET;
    }

    private Optional<String> per(Section section, AggregateFunction function) {
        boolean isRate = function == AggregateFunction.RATE;
        Optional<Node> given = section.node(Settings.AGGREGATE_PER.key());
        if (given.isEmpty()) {
            if (isRate) {
                report(section, section.where(function.text()), "per", "missing", "the kind that it is a share of");
            }
            return Optional.empty();
        }
        String text = given.get() instanceof ScalarNode scalar ? scalar.getValue() : Section.show(given.get());
        if (!isRate) {
            report(section, given.get(), "per", text, "only with rate");
            return Optional.empty();
        }
        if (!kinds.has(text)) {
            report(
                    section,
                    given.get(),
                    "per",
                    text,
                    "a kind: " + Suggestion.expected(text, kinds.all().keySet()));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private List<String> by(Section section, List<String> over) {
        Optional<Node> given = section.node(Settings.AGGREGATE_BY.key());
        if (given.isEmpty()) {
            section.reportMissingKey(Settings.AGGREGATE_BY);
            return List.of();
        }
        List<Section.Named> names = new ArrayList<>();
        if (given.get() instanceof SequenceNode) {
            section.names(given.get(), section.at("by")).ifPresent(names::addAll);
        } else {
            section.scalar(given.get(), section.at("by"), Kind.name())
                    .ifPresent(name -> names.add(new Section.Named(given.get(), name)));
        }
        List<String> by = names.stream().map(Section.Named::text).toList();
        if (given.get() instanceof SequenceNode sequence
                && (by.isEmpty() && sequence.getValue().isEmpty()
                        || by.stream().distinct().count() < by.size())) {
            report(section, given.get(), "by", by.toString(), "1 to 4 different features");
        } else if (by.size() > 4) {
            report(section, given.get(), "by", by.toString(), "1 to 4 different features");
        }
        names.forEach(name -> checkEntity(section, name, over));
        return by;
    }

    /** Of lists and maps there is no mean. */
    private void checkOneEntity(Section section, AggregateFunction function, List<String> by) {
        if (function.kind() != FeatureKind.NUMERIC
                && by.stream().anyMatch(name -> declared.get(name) == FeatureKind.CATEGORICAL_SET)) {
            report(
                    section,
                    section.where("by"),
                    "by",
                    by.toString(),
                    "no set: " + function.text() + " has one value for each entity");
        }
    }

    private void checkEntity(Section section, Section.Named name, List<String> over) {
        if (declarationsKnown
                && !isCategorical(declared.get(name.text()))
                && !name.text().equals(DecisionSpec.ITEM)) {
            List<String> categorical = declared.entrySet().stream()
                    .filter(entry -> isCategorical(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            report(
                    section,
                    name.node(),
                    "by",
                    name.text(),
                    "a categorical feature or set of the decision: " + Suggestion.expected(name.text(), categorical));
            return;
        }
        for (String kind : over) {
            if (!isCategorical(kinds.fields(kind).get(name.text())) && declarationsKnown) {
                List<String> entities = kinds.fields(kind).entrySet().stream()
                        .filter(entry -> isCategorical(entry.getValue()))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                report(
                        section,
                        name.node(),
                        "by",
                        name.text(),
                        "an entity of " + kind + ": " + Suggestion.expected(name.text(), entities));
            }
        }
    }

    private @Nullable Filter where(Section section, @Nullable String kind) {
        Optional<Node> given = section.node(Settings.AGGREGATE_WHERE.key());
        if (given.isEmpty()) {
            return null;
        }
        if (!(given.get() instanceof ScalarNode scalar)) {
            report(section, given.get(), "where", Section.show(given.get()), Settings.AGGREGATE_WHERE.expected());
            return null;
        }
        try {
            Filter filter = FilterParser.parse(scalar.getValue());
            if (kind != null) {
                filter.fields((field, takes) -> checkField(section, scalar, field, takes, kind));
            }
            return filter;
        } catch (FilterParser.Wrong e) {
            report(section, scalar, "where", e.describe(scalar.getValue()), e.getMessage());
            return null;
        }
    }

    private void checkField(Section section, Node node, String field, Takes takes, String kind) {
        @Nullable FeatureKind known = kinds.fields(kind).get(field);
        if ((known == null || !fits(takes, known)) && declarationsKnown) {
            String what = takes == Takes.NUMBER ? "a numeric field of " : "a categorical field of ";
            List<String> fitting = kinds.fields(kind).entrySet().stream()
                    .filter(entry -> fits(takes, entry.getValue()))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            report(
                    section,
                    node,
                    "where",
                    field,
                    what + kind + ": " + (fitting.isEmpty() ? "it has none" : Suggestion.expected(field, fitting)));
        }
    }

    private AggregateSpec.@Nullable Prior prior(Section section, AggregateFunction function) {
        boolean isRate = function == AggregateFunction.RATE;
        AggregateFunction needed = AggregateFunction.RATE;
        String as = only(section, Settings.AGGREGATE_AS, isRate, needed.text());
        if (section.has("prior") && !isRate) {
            section.node("prior");
            report(section, section.key("prior"), "prior", "given", "only with rate");
            return null;
        }
        Section prior = section.section("prior");
        double rate = prior.value(Settings.PRIOR_RATE);
        double strength = prior.value(Settings.PRIOR_STRENGTH);
        prior.reportUnknown();
        return isRate ? new AggregateSpec.Prior(rate, strength, as.equals(Settings.LOG_ODDS)) : null;
    }

    private boolean each(Section section, AggregateFunction function, List<String> by) {
        boolean hasSet = by.stream().anyMatch(name -> declared.get(name) == FeatureKind.CATEGORICAL_SET);
        boolean fits = hasSet && function.kind() == FeatureKind.NUMERIC;
        return only(section, Settings.AGGREGATE_SET, fits, "a set in by and a function that gives a number")
                .equals(Settings.EACH);
    }

    /** The setting's value; reported where it is given without being of use. */
    private <T> T only(Section section, Setting<T> setting, boolean isOfUse, String with) {
        if (!isOfUse && section.has(setting.key())) {
            section.node(setting.key());
            report(section, section.key(setting.key()), setting.key(), "given", "only with " + with);
            return setting.defaultValue();
        }
        return section.value(setting);
    }

    private void report(Section section, @Nullable Node where, String key, String value, String expected) {
        features.report(
                where,
                new Problem(key.isEmpty() ? section.at("").replaceAll("\\.$", "") : section.at(key), value, expected));
    }
}
