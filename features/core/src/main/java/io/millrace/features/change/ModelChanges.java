package io.millrace.features.change;

import io.millrace.features.spec.Drift;
import io.millrace.features.spec.IdSpec;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.Units;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What has become of the learner and of how ids find their rows. */
final class ModelChanges {
    private record Rule(Effect effect, String reason) {}

    private static final Rule OF_PROXIMAL = new Rule(
            Effect.CONVERTS,
            "a weight is made anew of its row's z at every step, by these settings: z is rewritten so that it gives the same weight");
    private static final Rule OF_STEPS =
            new Rule(Effect.CONTINUES, "it is how far later steps go; rows hold none of it");
    private static final Rule OF_WIDTH = new Rule(Effect.RELEARNS, "rows, or the dense layers, have another size");
    private static final Rule UNKNOWN =
            new Rule(Effect.RELEARNS, "nothing is known of it that would let what was learned keep its meaning");

    private static final Map<String, Rule> SETTINGS = Map.ofEntries(
            Map.entry("alpha", OF_PROXIMAL),
            Map.entry("beta", OF_PROXIMAL),
            Map.entry("l1", OF_PROXIMAL),
            Map.entry("l2", OF_PROXIMAL),
            Map.entry("rate", OF_STEPS),
            Map.entry(
                    "wealth",
                    new Rule(
                            Effect.RELEARNS,
                            "a row holds bets in units of it, and its weight is made anew of them at every step")),
            Map.entry("factors", OF_WIDTH),
            Map.entry("factor_alpha", OF_STEPS),
            Map.entry("factor_l2", OF_STEPS),
            Map.entry("layers", OF_WIDTH),
            Map.entry("width", OF_WIDTH),
            Map.entry(
                    "batch",
                    new Rule(
                            Effect.CONTINUES,
                            "it is how many later examples are learned at once; those that wait for their mini-batch are left out")),
            Map.entry("tower_alpha", OF_STEPS));

    private static final String LEARNER =
            "another learner keeps other numbers in a row; what its own settings say does not matter";
    private static final String LOSS = "weights say something else: a margin of this loss is not one of the other";
    private static final String BITS =
            "an id's row is the upper bits of its hash: with another number of bits it is another row";
    private static final String BITS_OF_EXACT = "exact ids do not use it";
    private static final String SEED = "it salts the hash by which ids find their rows, and what the learner draws";
    private static final String OFFSET =
            "weights say what is left over beside the offset: beside another they are wrong";
    private static final String DRIFT = "it is when trust begins anew; rows hold none of it";

    private ModelChanges() {}

    static void find(ModelSpec before, ModelSpec after, Changes changes) {
        changes.compare(
                "model.learner", before.learner(), after.learner(), LearnerKind::text, Effect.RELEARNS, LEARNER);
        changes.compare("model.loss", before.loss(), after.loss(), Loss::text, Effect.RELEARNS, LOSS);
        boolean exact = before.ids().exact() && after.ids().exact();
        changes.compare(
                "model.bits",
                before.bits(),
                after.bits(),
                Object::toString,
                exact ? Effect.CONTINUES : Effect.RELEARNS,
                exact ? BITS_OF_EXACT : BITS);
        changes.compare("model.seed", before.seed(), after.seed(), Object::toString, Effect.RELEARNS, SEED);
        changes.compare("model.offset", before.offset(), after.offset(), name -> name, Effect.RELEARNS, OFFSET);
        if (before.learner() == after.learner()) {
            changes.compare("model.drift", before.drift(), after.drift(), Drift::text, Effect.CONTINUES, DRIFT);
        }
        ids(before.ids(), after.ids(), changes);
        if (before.learner() == after.learner()) {
            settings(before.settings(), after.settings(), changes);
        }
    }

    private static void settings(Map<String, Double> before, Map<String, Double> after, Changes changes) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Rule rule = SETTINGS.getOrDefault(name, UNKNOWN);
            changes.compare(
                    "model." + name, before.get(name), after.get(name), Units::show, rule.effect(), rule.reason());
        }
    }

    private static void ids(IdSpec before, IdSpec after, Changes changes) {
        changes.compare(
                "model.ids.table",
                before.exact(),
                after.exact(),
                exact -> exact ? "exact" : "hashed",
                Effect.RELEARNS,
                "ids find their rows in another way");
        if (before.exact() && after.exact()) {
            boolean fewer = after.admit() < before.admit();
            changes.compare(
                    "model.ids.admit",
                    before.admit(),
                    after.admit(),
                    Object::toString,
                    fewer ? Effect.CONTINUES : Effect.RELEARNS,
                    fewer
                            ? "ids that have occurred often enough by now begin with a weight of 0; the others keep theirs"
                            : "rows count occurrences up to the old number only: ids that have a weight would lose it again");
            boolean sameTicks = before.tickMicros() == after.tickMicros();
            changes.compare(
                    "model.ids.forget",
                    before.forget(),
                    after.forget(),
                    Units::show,
                    sameTicks ? Effect.CONTINUES : Effect.CONVERTS,
                    sameTicks
                            ? "it is when later examples have ids forgotten"
                            : "rows keep when their ids occurred last in a unit that depends on it, and are rewritten");
            rows(before, after, changes);
        }
    }

    private static void rows(IdSpec before, IdSpec after, Changes changes) {
        boolean fits = after.mostSlots() >= before.mostSlots() && after.firstSlots() == before.firstSlots();
        changes.compare(
                "model.ids.rows",
                before.rows(),
                after.rows(),
                Object::toString,
                fits ? Effect.CONTINUES : Effect.RELEARNS,
                fits
                        ? "it is how far the table may grow"
                        : after.mostSlots() < before.mostSlots()
                                ? "a table that has grown beyond the new bound has no room in it"
                                : "the table begins with more rows than the old one may have had");
    }
}
