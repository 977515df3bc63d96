package io.millrace.features.spec;

import io.millrace.features.spec.PolicySpec.Explore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everything that may stand in a spec. */
final class Settings {
    private static final Duration LONGEST = Duration.ofDays(3650);

    static final Setting<String> PIPELINE =
            new Setting<>("pipeline", Kind.name(), "", "Name of the pipeline: of its model, and of its feature set.");
    static final Setting<String> SUBJECT = new Setting<>(
            "decision.subject",
            Kind.name(),
            "",
            "For whom is decided; the subject's id is a categorical feature of this name.");
    static final Entry.Composite CONTEXT = new Entry.Composite(
            "decision.context",
            "{}",
            "a map of features to their kinds",
            "Features of the situation, the same for all candidates: name to kind.");
    static final Entry.Composite CANDIDATE =
            new Entry.Composite("decision.candidate", "", "at least one feature and its kind", """
            Features of each candidate: name to kind. One named `item` is filled with the candidate's id and is \
            categorical.""");
    static final Setting<Long> SLOTS = new Setting<>(
            "decision.slots",
            Kind.whole(1, 1000),
            "1",
            "How many candidates are shown where the request does not say.");
    static final Setting<Double> LOG = new Setting<>(
            "decision.log",
            Kind.logged(),
            "shown",
            "Which candidates a decision logs with their features: those that were `shown`; `all`; or `sample(0.1)`, those shown and each of the others with this probability, by a draw of its own that nothing else depends on. Learning needs those shown only; evaluating another policy from the log needs the others. [What it costs](sizing.md).");
    static final Entry.Composite REWARD =
            new Entry.Composite("feedback.reward", "", "at least one kind of feedback and its reward", """
            Kinds of feedback and the reward of each: a number, or `{reward: 0.2, take: last}`. It is multiplied by the \
            feedback's value, and the rewards of a slot add up, unless told otherwise.""");
    static final Setting<Double> KIND_REWARD =
            new Setting<>("feedback.reward.KIND.reward", Kind.number(), "", "The reward of one feedback of the kind.");
    static final Setting<Take> KIND_TAKE = new Setting<>(
            "feedback.reward.KIND.take",
            Kind.oneOf(Take.values(), Take::text),
            "sum",
            "What counts of several of the kind about one slot: their sum, the first or the last by event time, or the highest.");
    static final Setting<Take> COMBINE = new Setting<>(
            "feedback.combine",
            Kind.oneOf(Take.values(), Take::text),
            "sum",
            "What the label is made of where several kinds spoke about a slot: the sum of what counts of each, the first or the last by event time, or the highest.");
    static final Setting<String> EXPOSURE = new Setting<>("feedback.exposure", Kind.name(), Setting.NONE, """
            The kind of feedback that says that a slot was seen; one that names no slot speaks for the whole slate. Where \
            it is given, a slot about which nothing was said at all is no negative but no example, until something is.""");
    static final Setting<LabelTiming> LABELS = new Setting<>(
            "feedback.labels",
            Kind.oneOf(LabelTiming.values(), LabelTiming::text),
            "window",
            "When labels are given: at the end of the window, or `immediate`: those with a reward at once, the others then. That is biased, since what is fresh has positives only.");
    static final Entry.Composite FINAL = new Entry.Composite(
            "feedback.final",
            "[]",
            "a list of names",
            "Kinds of feedback that close the label of their slot: nothing more is expected.");
    static final Setting<Duration> WINDOW = new Setting<>(
            "feedback.window",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            "30m",
            "How long after its decision a label stays open, in event time: what had no reward by then is a negative.");
    static final Setting<Duration> LATE = new Setting<>(
            "feedback.late",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            "7d",
            "How long after its decision feedback still corrects the label, in event time; at least the window.");
    static final Setting<Double> SAMPLE_NEGATIVES = new Setting<>(
            "feedback.sample.negatives",
            Kind.number(0.001, 1),
            "1",
            "Share of the labels of 0 that become examples, each with weight 1 / share, so that what is learned stays unbiased; for more feedback than a learner can take. What is dropped is a draw on the decision's id and the slot; a later correction of it is dropped with it, and outcomes tell everything. It makes a lineage of its own.");
    static final Setting<Long> SAMPLE_SEED = new Setting<>(
            "feedback.sample.seed",
            Kind.whole(Long.MIN_VALUE, Long.MAX_VALUE),
            "0",
            "Salts the draw of what is dropped.");
    static final Setting<FeedbackSpec.Match> MATCH = new Setting<>(
            "feedback.match", Kind.oneOf(FeedbackSpec.Match.values(), FeedbackSpec.Match::text), "decision", """
            How feedback may say which decision it is about: `decision` by its id, ours or the caller's; with `subject_item` also \
            by `subject` and `item`: then it is about the last decision within the window that showed the item to the \
            subject.""");
    static final Entry.Composite EVENTS =
            new Entry.Composite("events", "{}", "a map of kinds of events to their fields", """
            Events that features are computed from, by kind: `view: {entities: [user, item], values: {price: numeric}}`. \
            Feedback and labels need not be declared.""");
    static final Entry.Composite EVENT_ENTITIES = new Entry.Composite(
            "events.KIND.entities", "", "a list of names", "Who and what takes part, as in the events' `entities`.");
    static final Entry.Composite EVENT_VALUES = new Entry.Composite(
            "events.KIND.values",
            "{}",
            "a map of names to numeric, categorical or categorical_set",
            "What is measured, as in the events' `values`.");
    static final Setting<Duration> EVENT_OLDEST = new Setting<>(
            "events.KIND.oldest",
            Kind.duration(Duration.ofSeconds(1), Duration.ofDays(36_500)),
            "20000d",
            "How far back an event's time may be; what is older, or more than ten minutes ahead, is a dead letter. Without it, what is told in a wrong unit, and so lies in 1970, is found all the same.");
    static final Entry.Composite FEATURES =
            new Entry.Composite("features", "{}", "a map of features to what they are computed from", """
            Features that are computed from the stream and looked up for each candidate, by name: \
            `item_sales: {sum: sale.price, by: item, window: 1h}`. They can be crossed and put in bins like declared ones.""");
    static final Entry.Composite AGGREGATE_OVER = new Entry.Composite(
            "features.NAME.FUNCTION",
            "",
            "a kind of event, of feedback, or label; with .FIELD where the function needs one",
            "What is computed, of what; the functions are below.");
    static final Entry.Composite AGGREGATE_BY = new Entry.Composite(
            "features.NAME.by", "", "a categorical feature of the decision, or a list of up to 4", """
            For whom or what it is computed: for each value, or each combination of values. The elements of a set count each.""");
    static final Entry.Composite AGGREGATE_WHERE = new Entry.Composite(
            "features.NAME.where",
            "none",
            "a condition like price > 10 and country in ['at', 'de']",
            "Which of them count; of a rate, which of the kind that it is a rate of.");
    static final Entry.Composite AGGREGATE_PER = new Entry.Composite(
            "features.NAME.per", "none", "a kind", "Of a rate: the kind that it is a share of; all of these count.");
    static final Setting<Duration> AGGREGATE_WINDOW = new Setting<>(
            "features.NAME.window",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            Setting.NONE,
            "Only what happened in the last so long, in event time; without it and `half_life`, everything.");
    static final Setting<Duration> AGGREGATE_TILE = new Setting<>(
            "features.NAME.tile",
            Kind.duration(Duration.ofNanos(1000), LONGEST),
            Setting.NONE,
            "A window is kept in tiles, a thirtieth of it each unless this says otherwise: its end is exact, its beginning rounded down to a tile.");
    static final Setting<Duration> AGGREGATE_HALF_LIFE = new Setting<>(
            "features.NAME.half_life",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            Setting.NONE,
            "What happened counts half after so long, a quarter after twice that, and so on.");
    static final Setting<Duration> AGGREGATE_TTL = new Setting<>(
            "features.NAME.ttl",
            Kind.duration(Duration.ofMillis(1), LONGEST),
            Setting.NONE,
            "An entity that nothing happened to for so long is forgotten; unless told, with a half-life after 50 of them, with a window at its end, else never.");
    static final Setting<Double> PRIOR_RATE = new Setting<>(
            "features.NAME.prior.rate",
            Kind.number(0.000001, 0.999999),
            "0.5",
            "Of a rate: what it is before anything happened.");
    static final Setting<Double> PRIOR_STRENGTH = new Setting<>(
            "features.NAME.prior.strength",
            Kind.number(0, 1e9),
            "2",
            "Of a rate: how many imagined cases the prior is worth: `(count + strength * rate) / (per + strength)`.");
    static final String LOG_ODDS = "log_odds";
    static final Setting<String> AGGREGATE_AS = new Setting<>(
            "features.NAME.as",
            Kind.keyOf(Map.of("probability", "", LOG_ODDS, "")),
            "probability",
            "Of a rate: the share itself, or `ln(p / (1 - p))` of it, which adds up as a score does.");
    static final String EACH = "each";
    static final Setting<String> AGGREGATE_SET = new Setting<>(
            "features.NAME.set",
            Kind.keyOf(Map.of("mean", "", EACH, "")),
            "mean",
            "By a set: the mean of its elements' values, or `each` as the weight of its element.");
    static final Setting<Long> AGGREGATE_K =
            new Setting<>("features.NAME.k", Kind.whole(1, 100), "10", "Of `top_k` and `last_k`: how many.");
    static final Setting<Double> AGGREGATE_QUANTILE =
            new Setting<>("features.NAME.q", Kind.number(0, 1), "0.5", "Of a quantile: which; 0.5 is the median.");
    static final Entry.Composite CROSSES = new Entry.Composite("crosses", "[]", "a list of lists of features", """
            Combinations that get weights of their own: each a list of 2 to 4 features of the subject, the context or \
            the candidate.""");
    static final Setting<Loss> LOSS = new Setting<>(
            "model.loss",
            Kind.oneOf(Loss.values(), Loss::text),
            "logistic",
            "What is predicted: `logistic`, the probability of a reward above 0; `squared`, the mean reward; `absolute`, the median reward; `poisson`, the mean of a reward that is a count.");
    static final Setting<Long> BITS =
            new Setting<>("model.bits", Kind.whole(8, 26), "22", "The table of weights has 2^bits rows.");
    static final Setting<Long> SEED = new Setting<>(
            "model.seed",
            Kind.whole(Long.MIN_VALUE, Long.MAX_VALUE),
            "0",
            "Salts the hash into the table and whatever the learner draws.");
    static final Entry.Composite BINS =
            new Entry.Composite("bins", "{}", "a map of numeric features to their bins", """
            Numeric features that the model sees in bins, alone and in crosses: `distance: 250` for steps of this \
            width, `price: quantiles` or `quantiles(16)` for bins (16, unless told) that are filled evenly and whose centres \
            are learned; a value between two centres belongs to both in proportion. The log keeps the number itself.""");
    static final Entry.Composite OFFSET = new Entry.Composite("model.offset", "none", "a numeric feature", """
            Added to the score without a weight, as it is: what another model says (for `logistic` its log-odds, for \
            `poisson` its logarithm), so that this one learns what is left over.""");
    static final Setting<Drift> DRIFT = new Setting<>(
            "model.drift",
            Kind.oneOf(Drift.values(), Drift::text),
            "react",
            "Of `auto`, for `logistic`: with `react`, a detector watches the loss; when it has risen, steps become larger again and the trust in each member begins anew.");
    static final String EXACT = "exact";
    static final Setting<String> IDS_TABLE = new Setting<>(
            "model.ids.table",
            Kind.keyOf(Map.of("hashed", "", EXACT, "")),
            "hashed",
            "`hashed`: ids share 2^bits rows and may collide; `exact`: each id gets a row of its own, and the table grows.");
    static final Setting<Long> IDS_ADMIT = new Setting<>(
            "model.ids.admit",
            Kind.whole(1, 1_000_000),
            "1",
            "With `exact`: an id gets its weight when it occurs for the so many-th time; corrections do not count.");
    static final Setting<Duration> IDS_FORGET = new Setting<>(
            "model.ids.forget",
            Kind.duration(Duration.ZERO, LONGEST),
            "0s",
            "With `exact`: an id that did not occur for so long, in event time of the examples, begins anew; `0s` for never.");
    static final Setting<Long> IDS_ROWS = new Setting<>(
            "model.ids.rows",
            Kind.whole(1 << 10, 1 << 26),
            "4194304",
            "With `exact`: the most rows, rounded down to a power of two. At 11/16 of them ids make room, first those without a weight, then what did not occur for longest.");
    static final List<Setting<?>> OF_EXACT_IDS = List.of(IDS_ADMIT, IDS_FORGET, IDS_ROWS);
    static final Setting<Explore> EXPLORE = new Setting<>(
            "policy.explore",
            Kind.oneOf(Explore.values(), Explore::text),
            "epsilon_greedy",
            "How the learned arm explores.");
    static final Setting<Double> EPSILON = new Setting<>(
            "policy.epsilon",
            Kind.number(0, 1),
            "0.05",
            "Probability that the learned arm shows a uniformly random slate; only with `epsilon_greedy`.");
    static final Setting<Double> CONTROL =
            new Setting<>("policy.control", Kind.number(0, 1), "0.1", "Share of decisions made uniformly at random.");
    static final Setting<Double> POPULARITY = new Setting<>(
            "policy.popularity.share",
            Kind.number(0, 1),
            "0",
            "Share of decisions ranked by smoothed reward rate; `popularity: 0.1` is short for it.");
    static final Setting<String> POPULARITY_BY = new Setting<>(
            "policy.popularity.by",
            Kind.name(),
            "item",
            "Whose reward rate: a categorical feature of the candidate, or `item` for the item's id.");
    static final Setting<Duration> EVERY = new Setting<>(
            "snapshot.every",
            Kind.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            "100ms",
            "Between two published deltas, wall clock; longer where they would take more than a tenth of the time.");
    static final Setting<Duration> BASE = new Setting<>(
            "snapshot.base",
            Kind.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            "1m",
            "Between two base snapshots, wall clock.");
    static final Setting<Double> GUARD_MARGIN = new Setting<>(
            "snapshot.guard.margin",
            Kind.percent(10_000),
            "100%",
            "No version is published while the mean loss of the recent examples is above that of the last good ones by more than this share of it and by more than chance explains. Learning goes on, and so does publication once the loss is back. `guard: off` publishes whatever is learned.");
    static final Setting<Long> GUARD_WINDOW = new Setting<>(
            "snapshot.guard.window",
            Kind.whole(100, 10_000_000),
            "2000",
            "How many examples are recent; the last good ones are the worst of twenty such windows before.");

    /** The learners, each with its own settings. */
    static final Map<LearnerKind, List<Setting<Double>>> LEARNERS = LearnerSettings.ALL;

    static final Setting<LearnerKind> LEARNER = new Setting<>(
            "model.learner",
            Kind.oneOf(LearnerKind.values(), LearnerKind::text),
            "auto",
            "What learns; each learner has settings of its own.");

    private static final List<Entry> OWN = List.of(
            PIPELINE,
            SUBJECT,
            CONTEXT,
            CANDIDATE,
            SLOTS,
            LOG,
            REWARD,
            KIND_REWARD,
            KIND_TAKE,
            COMBINE,
            FINAL,
            EXPOSURE,
            WINDOW,
            LATE,
            LABELS,
            SAMPLE_NEGATIVES,
            SAMPLE_SEED,
            MATCH,
            EVENTS,
            EVENT_ENTITIES,
            EVENT_VALUES,
            EVENT_OLDEST,
            FEATURES,
            AGGREGATE_OVER,
            AGGREGATE_PER,
            AGGREGATE_WHERE,
            AGGREGATE_BY,
            AGGREGATE_WINDOW,
            AGGREGATE_TILE,
            AGGREGATE_HALF_LIFE,
            AGGREGATE_TTL,
            AGGREGATE_AS,
            PRIOR_RATE,
            PRIOR_STRENGTH,
            AGGREGATE_SET,
            AGGREGATE_K,
            AGGREGATE_QUANTILE,
            CROSSES,
            BINS,
            LEARNER,
            LOSS,
            BITS,
            SEED,
            OFFSET,
            DRIFT,
            IDS_TABLE,
            IDS_ADMIT,
            IDS_FORGET,
            IDS_ROWS,
            EXPLORE,
            EPSILON,
            CONTROL,
            POPULARITY,
            POPULARITY_BY,
            EVERY,
            BASE,
            GUARD_MARGIN,
            GUARD_WINDOW);

    private Settings() {}

    /** Everything but the learners' own settings, in the order in which people write it. */
    static List<Entry> all() {
        return Stream.concat(OWN.stream(), SourceSettings.ALL.stream()).toList();
    }
}
