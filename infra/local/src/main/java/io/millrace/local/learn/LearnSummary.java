package io.millrace.local.learn;

import io.millrace.features.spec.ModelSpec;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A report for people. */
final class LearnSummary {
    private static final String UNKNOWN = "–";

    private LearnSummary() {}

    static String of(LearnReport report) {
        StringBuilder text = new StringBuilder();
        LearnReport.Figures figures = report.figures();
        line(
                text,
                "examples",
                whole(report.examples())
                        + (report.unlabelled() == 0
                                ? ""
                                : ", " + count(report.unlabelled(), "row") + " without a label predicted only")
                        + (report.skipped() == 0 ? "" : ", " + count(report.skipped(), "row") + " skipped"));
        line(text, "features", number(report.features(), 1) + " an example, with crosses and the constant");
        line(text, "learner", learner(report.model()));
        if (report.isLogistic()) {
            line(text, "log-loss", number(figures.loss(), 5) + ", second half " + number(report.secondHalfLoss(), 5));
            line(text, "normalized entropy", number(figures.normalizedLoss(), 4));
            line(text, "AUC", number(figures.auc(), 4));
            line(text, "accuracy", number(figures.accuracy(), 4));
        } else {
            line(
                    text,
                    report.model().loss().text() + " loss",
                    number(figures.loss(), 5) + ", second half " + number(report.secondHalfLoss(), 5));
            line(text, "normalized loss", number(figures.normalizedLoss(), 4));
        }
        line(text, "calibration", number(figures.calibration(), 4) + ", base rate " + number(figures.baseRate(), 4));
        report.members().forEach((name, value) -> line(text, name, number(value, 4)));
        line(
                text,
                "speed",
                whole(Math.round(report.examplesPerSecond())) + " examples/s learning, "
                        + number(report.wallSeconds(), 1) + " s in all");
        line(text, "digest", report.digest());
        return text.toString();
    }

    private static String learner(ModelSpec model) {
        return model.learner().text() + ", " + model.loss().text() + " loss, "
                + new TreeMap<>(model.settings())
                        .entrySet().stream()
                                .map(setting -> setting.getKey() + " " + plain(setting.getValue()) + ", ")
                                .collect(Collectors.joining())
                + "bits " + model.bits();
    }

    /** So many of what a word names. */
    static String count(long number, String word) {
        return whole(number) + " " + word + (number == 1 ? "" : "s");
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : UNKNOWN;
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-20s%s%n", name, value));
    }
}
