package io.millrace.trainer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.change.Effect;
import io.millrace.features.change.SpecDiff;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.SpecException;
import io.millrace.features.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A change is harmless if, and only if, the lineage stays: whatever setting it is that changes. */
class LineageDiffTest {
    private static final Path REFERENCE = Path.of("../../docs/spec.md");
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");
    private static final Pattern SETTING = Pattern.compile("\\| `([a-z0-9_]+)` \\| .* \\| .* \\| .* \\|");

    /** Sections of what the writer of a spec names, which are values of the section that they stand in. */
    private static final String OF_NAMED = ".*(NAME|KIND).*";

    /** Of every setting some values, as they stand in a spec; of each, all pairs are compared. Absent: the default. */
    private static final Map<String, List<String>> VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry("pipeline", List.of("movies", "films")),
            Map.entry("decision.subject", List.of("user", "guest")),
            Map.entry(
                    "decision.context",
                    List.of(
                            "{}",
                            "{hour: categorical}",
                            "{hour: categorical, wind: numeric}",
                            "{wind: numeric, hour: categorical}",
                            "{hour: sequence}",
                            "{price: numeric}")),
            Map.entry(
                    "decision.candidate",
                    List.of(
                            "{item: categorical, age: numeric, size: numeric, kind: categorical}",
                            "{age: numeric, size: numeric, item: categorical, kind: categorical}",
                            "{item: categorical, size: numeric, age: numeric, kind: categorical}",
                            "{item: categorical, age: numeric, size: numeric, kind: categorical_set}",
                            "{item: categorical, age: numeric, kind: categorical, size: numeric, hue: embedding}")),
            Map.entry("decision.slots", List.of("1", "3")),
            Map.entry("decision.log", List.of("shown", "all", "sample(0.1)", "sample(0.10)")),
            Map.entry(
                    "feedback.reward",
                    List.of(
                            "{click: 1}",
                            "{click: 2}",
                            "{like: 1}",
                            "{like: 1, click: 1.0}",
                            "{click: {reward: 1}}",
                            "{click: {reward: 1, take: last}, like: {reward: 1, take: max}}")),
            Map.entry("feedback.combine", List.of("sum", "max", "last")),
            Map.entry("feedback.exposure", List.of("seen", "viewed")),
            Map.entry("feedback.labels", List.of("window", "immediate")),
            Map.entry("feedback.final", List.of("[]", "[click]", "[click, like]", "[like, click]")),
            Map.entry("feedback.window", List.of("30m", "1h", "1800s")),
            Map.entry("feedback.late", List.of("7d", "8d")),
            Map.entry("feedback.sample.negatives", List.of("1", "1.0", "0.5", "0.1")),
            Map.entry("feedback.sample.seed", List.of("0", "3")),
            Map.entry("feedback.match", List.of("decision", "subject_item")),
            Map.entry(
                    "events",
                    List.of(
                            "{}",
                            "{view: {entities: [user, item]}}",
                            "{view: {entities: [user]}}",
                            "{view: {entities: [user], oldest: 1d}}")),
            Map.entry(
                    "features",
                    List.of(
                            "{}",
                            "{n: {count: click, by: item}}",
                            "{n: {count: click, by: item, window: 1h}}",
                            "{n: {count: click, by: item, window: 60m, tile: 2m}}",
                            "{n: {count: label, by: item}}",
                            "{n: {count: label, by: user}}",
                            "{n: {rate: label, where: reward > 0, per: label, by: item}}",
                            "{n: {rate: label, where: reward > 1, per: label, by: item}}",
                            "{n: {rate: label, where: reward > 0, per: label, by: item, prior: {rate: 0.1}}}",
                            "{n: {rate: label, where: reward > 0, per: label, by: item, as: log_odds}}",
                            "{n: {count: click, by: item}, m: {last_k: label.item, by: user, k: 3}}",
                            "{m: {last_k: label.item, by: user, k: 4}, n: {count: click, by: item}}")),
            Map.entry("sources", List.of("{}", "{clicks: {as: events, kind: view, entities: {user: u}}}")),
            Map.entry(
                    "crosses",
                    List.of(
                            "[]",
                            "[[item, kind]]",
                            "[[kind, item]]",
                            "[[item, kind], [item, age]]",
                            "[[item, age], [item, kind]]",
                            "[[item, kind, age]]")),
            Map.entry("bins", List.of("{}", "{age: 2}", "{age: 2.0}", "{age: quantiles}", "{size: 2, age: 2}")),
            Map.entry("model.loss", List.of("logistic", "squared", "poisson")),
            Map.entry("model.bits", List.of("12", "13")),
            Map.entry("model.seed", List.of("0", "1")),
            Map.entry("model.offset", List.of("age", "size")),
            Map.entry("model.drift", List.of("ignore", "react")),
            Map.entry("model.ids.table", List.of("hashed", "exact")),
            Map.entry("model.ids.admit", List.of("1", "2", "3")),
            Map.entry("model.ids.forget", List.of("0s", "1h", "30m", "30d")),
            Map.entry("model.ids.rows", List.of("1024", "4096", "5000", "8192")),
            Map.entry("policy.explore", List.of("greedy", "epsilon_greedy")),
            Map.entry("policy.epsilon", List.of("0.05", "0.1")),
            Map.entry("policy.control", List.of("0.1", "0.2")),
            Map.entry("policy.popularity.share", List.of("0", "0.1")),
            Map.entry("policy.popularity.by", List.of("item", "kind")),
            Map.entry("snapshot.every", List.of("100ms", "1s")),
            Map.entry("snapshot.base", List.of("1m", "60s", "2m")),
            Map.entry("snapshot.guard.margin", List.of("50%", "7%")),
            Map.entry("snapshot.guard.window", List.of("2000", "500")),
            Map.entry("model.learner", List.of("auto", "ftrl", "normalized", "coin", "fm", "deep")),
            Map.entry("model.alpha", List.of("0.1", "0.2")),
            Map.entry("model.beta", List.of("1", "2")),
            Map.entry("model.l1", List.of("0", "1")),
            Map.entry("model.l2", List.of("0", "1")),
            Map.entry("model.rate", List.of("0.5", "0.6")),
            Map.entry("model.wealth", List.of("4", "5")),
            Map.entry("model.factors", List.of("8", "4")),
            Map.entry("model.factor_alpha", List.of("0.5", "0.6")),
            Map.entry("model.factor_l2", List.of("0", "1e-4", "0.0001")),
            Map.entry("model.layers", List.of("1", "2")),
            Map.entry("model.width", List.of("8", "16")),
            Map.entry("model.batch", List.of("4", "8")),
            Map.entry("model.tower_alpha", List.of("0.001", "0.002"))));

    private static final Map<String, String> BASE = Map.of(
            "pipeline", "movies",
            "decision.subject", "user",
            "decision.context", "{hour: categorical}",
            "decision.candidate", "{item: categorical, age: numeric, size: numeric, kind: categorical}",
            "feedback.reward", "{click: 1}");

    @Test
    void valuesAreThereForEverySettingOfTheReference() throws IOException {
        TreeSet<String> documented = new TreeSet<>();
        String section = "";
        for (String line : Files.readAllLines(REFERENCE)) {
            Matcher heading = HEADING.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (heading.matches()) {
                String title = heading.group(1);
                section = title.startsWith("`")
                        ? title.replace("`", "") + "."
                        : title.startsWith("Settings of the learner") ? "model." : "";
            } else if (setting.matches() && !section.matches(OF_NAMED)) {
                documented.add(section + setting.group(1));
            }
        }
        assertThat(new TreeSet<>(VALUES.keySet())).isEqualTo(documented);
    }

    @ParameterizedTest
    @EnumSource
    void oneSettingThatChanges(LearnerKind learner) {
        int harmless = 0;
        int others = 0;
        for (String ids : List.of("hashed", "exact")) {
            Map<String, String> base = new HashMap<>(BASE);
            base.put("model.learner", learner.text());
            base.put("model.ids.table", ids);
            for (String setting : VALUES.keySet()) {
                List<PipelineSpec> specs = new ArrayList<>();
                read(base).ifPresent(specs::add);
                for (String value : VALUES.get(setting)) {
                    Map<String, String> changed = new HashMap<>(base);
                    changed.put(setting, value);
                    read(changed).ifPresent(specs::add);
                }
                for (PipelineSpec before : specs) {
                    for (PipelineSpec after : specs) {
                        assertAgrees(before, after, setting);
                        boolean stays = Lineage.canonicalSpec(before).equals(Lineage.canonicalSpec(after));
                        harmless += stays && !before.equals(after) ? 1 : 0;
                        others += stays ? 0 : 1;
                    }
                }
            }
        }
        assertThat(harmless).isGreaterThan(20);
        assertThat(others).isGreaterThan(200);
    }

    @Test
    void anySettingsThatChange() {
        int harmless = 0;
        int continuing = 0;
        int read = 0;
        for (long seed = 0; seed < 8000; seed++) {
            Random random = new Random(seed);
            Map<String, String> first = random(BASE, 3, random);
            Map<String, String> second = random(first, 1 + random.nextInt(4), random);
            Optional<PipelineSpec> before = read(first);
            Optional<PipelineSpec> after = read(second);
            if (before.isPresent() && after.isPresent()) {
                assertAgrees(before.get(), after.get(), "seed " + seed);
                Effect effect = SpecDiff.of(before.get(), after.get()).effect();
                harmless += effect == Effect.HARMLESS ? 1 : 0;
                continuing += effect == Effect.CONTINUES || effect == Effect.CONVERTS ? 1 : 0;
                read++;
            }
        }
        assertThat(read).isGreaterThan(500);
        assertThat(harmless).isGreaterThan(50);
        assertThat(continuing).isGreaterThan(50);
    }

    private static Map<String, String> random(Map<String, String> from, int changes, Random random) {
        Map<String, String> changed = new HashMap<>(from);
        List<String> settings = List.copyOf(VALUES.keySet());
        for (int i = 0; i < changes; i++) {
            String setting = settings.get(random.nextInt(settings.size()));
            List<String> values = VALUES.get(setting);
            changed.put(setting, values.get(random.nextInt(values.size())));
        }
        return changed;
    }

    private static void assertAgrees(PipelineSpec before, PipelineSpec after, String what) {
        SpecDiff diff = SpecDiff.of(before, after);
        String was = Lineage.canonicalSpec(before);
        String is = Lineage.canonicalSpec(after);
        assertThat(diff.effect() == Effect.HARMLESS)
                .as("%s: %s%nbefore %s%nafter %s", what, diff.changes(), was, is)
                .isEqualTo(was.equals(is));
        assertThat(diff.isEmpty()).as("%s: %s", what, diff.changes()).isEqualTo(before.equals(after));
        assertThat(diff.changes())
                .allSatisfy(change -> assertThat(change.before()).isNotEqualTo(change.after()));
    }

    private static Optional<PipelineSpec> read(Map<String, String> settings) {
        try {
            return Optional.of(SpecReader.read(yaml("", new TreeMap<>(settings)), "test"));
        } catch (SpecException e) {
            return Optional.empty();
        }
    }

    /** Settings by their paths as a mapping of mappings. */
    private static String yaml(String prefix, TreeMap<String, String> settings) {
        TreeMap<String, String> entries = new TreeMap<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (setting.getKey().startsWith(prefix)) {
                String rest = setting.getKey().substring(prefix.length());
                int dot = rest.indexOf('.');
                String key = dot < 0 ? rest : rest.substring(0, dot);
                entries.computeIfAbsent(
                        key, name -> dot < 0 ? setting.getValue() : yaml(prefix + name + ".", settings));
            }
        }
        return entries.toString().replace("=", ": ");
    }
}
