package io.millrace.local.learn;

import io.millrace.ingestion.table.TableFormat;
import io.millrace.wire.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked for.
 *
 * @param format null where the file's name tells
 * @param label a column or an expression; null where the format knows
 * @param time the column of event times
 * @param model what learns; of no account where a spec is given
 * @param spec a pipeline's own spec, in place of {@code features} and {@code model}
 * @param from a directory that another run saved
 * @param weights a file of weights to start with
 * @param delay labels arrive so many examples late
 */
public record LearnOptions(
        Path data,
        @Nullable TableFormat format,
        @Nullable String label,
        @Nullable String time,
        Features features,
        Model model,
        @Nullable Path spec,
        @Nullable Path from,
        @Nullable Path weights,
        @Nullable Path save,
        @Nullable Path predictions,
        @Nullable Path report,
        long limit,
        int delay,
        boolean skipsBadRows) {
    /** Whether predictions or the report are what standard output is for. */
    public boolean writesToStandardOutput() {
        return Outputs.isStandard(predictions) || Outputs.isStandard(report);
    }

    /** For reading alone. */
    static LearnOptions reading(Path data, ExampleOptions given) {
        return new LearnOptions(
                data,
                given.format(),
                given.label(),
                given.time(),
                given.features(),
                new Model(null, null, Map.of()),
                null,
                null,
                null,
                null,
                null,
                null,
                Long.MAX_VALUE,
                0,
                false);
    }

    /**
     * Which columns are features, and how.
     *
     * @param categorical names and globs
     * @param numeric names and globs; where both are empty, the first rows tell
     * @param crosses {@code a*b}
     * @param bins {@code NAME} or {@code NAME:WIDTH}
     * @param lags how many of the last labels are features
     */
    public record Features(
            List<String> categorical, List<String> numeric, List<String> crosses, List<String> bins, int lags) {
        public Features {
            categorical = List.copyOf(categorical);
            numeric = List.copyOf(numeric);
            crosses = List.copyOf(crosses);
            bins = List.copyOf(bins);
        }

        /** Whether any flag was given. */
        boolean areGiven() {
            return !(categorical.isEmpty() && numeric.isEmpty() && crosses.isEmpty() && bins.isEmpty() && lags == 0);
        }
    }

    /**
     * What learns.
     *
     * @param loss null for the spec's default, as is {@code learner}
     * @param settings of the spec's section {@code model}, as texts
     * @param problems what is wrong with the flags that said so
     */
    public record Model(
            @Nullable String loss, @Nullable String learner, Map<String, String> settings, List<Problem> problems) {
        public Model {
            settings = Map.copyOf(settings);
            problems = List.copyOf(problems);
        }

        /** Nothing is wrong. */
        public Model(@Nullable String loss, @Nullable String learner, Map<String, String> settings) {
            this(loss, learner, settings, List.of());
        }

        /**
         * From flags. It is a problem if something is said twice, even if it is the same.
         *
         * @param given {@code KEY=VALUE}
         */
        public static Model of(@Nullable String loss, @Nullable String learner, List<String> given) {
            List<Problem> problems = new ArrayList<>();
            Map<String, String> settings = new LinkedHashMap<>();
            for (String setting : given) {
                int equals = setting.indexOf('=');
                String key = equals < 0 ? "" : setting.substring(0, equals);
                if (key.isEmpty()) {
                    problems.add(new Problem("--set", setting, "KEY=VALUE"));
                } else if (settings.containsKey(key)) {
                    String first = key + "=" + settings.get(key);
                    problems.add(new Problem("--set", first + " and --set " + setting, "one of them"));
                } else {
                    settings.put(key, setting.substring(equals + 1));
                }
            }
            requireOnce("learner", learner, settings, problems);
            requireOnce("loss", loss, settings, problems);
            return new Model(loss, learner, settings, problems);
        }

        private static void requireOnce(
                String key, @Nullable String flag, Map<String, String> settings, List<Problem> problems) {
            if (flag != null && settings.containsKey(key)) {
                problems.add(
                        new Problem("--" + key, flag + " and --set " + key + "=" + settings.get(key), "one of them"));
            }
        }

        /** Every setting of the section, learner and loss first. */
        Map<String, String> all() {
            Map<String, String> all = new LinkedHashMap<>();
            if (learner != null) {
                all.put("learner", learner);
            }
            if (loss != null) {
                all.put("loss", loss);
            }
            all.putAll(new TreeMap<>(settings));
            return all;
        }

        boolean isGiven() {
            return loss != null || learner != null || !settings.isEmpty();
        }
    }
}
