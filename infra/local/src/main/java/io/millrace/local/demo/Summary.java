package io.millrace.local.demo;

import io.millrace.local.demo.Statistics.ArmReward;
import io.millrace.local.demo.Statistics.Part;
import java.util.List;

/** The demo's result as a text for people, at most 100 columns wide but for places, which are never cut. */
public final class Summary {
    private static final int NAME = 22;
    private static final int BAR = 32;
    private static final int CURVE = 40;
    private static final int FEATURE = 56;

    private final DemoReport report;
    private final Paint paint;
    private final StringBuilder out = new StringBuilder();

    /**
     * What the model learned about one feature or cross.
     *
     * @param name readable: {@code origin=ORD, day=2001-01-15}
     * @param count in how many examples it was seen; negative if not known
     */
    public record Weight(String name, double weight, long count) {}

    /** Where something lies: {@code data}, {@code /tmp/demo}. */
    public record Place(String what, String where) {}

    private Summary(DemoReport report, boolean colour) {
        this.report = report;
        this.paint = new Paint(colour);
    }

    /**
     * @param statistics what the report was made from
     * @param weights the strongest first
     * @param colour whether to use ANSI escapes
     */
    public static String of(
            DemoReport report, Statistics statistics, List<Weight> weights, List<Place> places, boolean colour) {
        Summary summary = new Summary(report, colour);
        summary.headline();
        summary.arms();
        summary.beforeAndAfter();
        summary.lifts(statistics);
        summary.weights(weights);
        summary.engine();
        places.forEach(place -> summary.row(place.what(), place.where()));
        return summary.out.toString();
    }

    private void headline() {
        Measured measured = report.measured();
        line(paint.bold(report.audience()) + ", seed " + report.seed() + ": " + Text.whole(report.decisions())
                + " decisions and " + Text.whole(measured.feedback()) + " pieces of feedback in "
                + Text.seconds(measured.wallSeconds()));
        line("");
        Estimate lift = report.lift();
        String verdict = !lift.exists()
                ? "Too little to tell anything."
                : lift.low() > 1
                        ? paint.good("It learned.")
                        : lift.high() < 1 ? paint.bad("It did worse than chance.") : "No better than chance so far.";
        line(verdict);
        if (lift.exists()) {
            double learned = report.learned().reward().value();
            line(Text.percent(learned) + " of " + report.rewarded() + ";");
            line("a blind pick from the same offers would have had " + Text.percent(learned / lift.value()) + ".");
        }
        line("");
    }

    private void arms() {
        line(Text.left("", NAME) + Text.right("decisions", 10) + Text.right("reward per item", 20));
        double most =
                Math.max(report.learned().reward().value(), Math.max(or0(report.control()), or0(report.popularity())));
        arm("learned", report.learned(), most);
        arm("popularity", report.popularity(), most);
        arm("control (uniform)", report.control(), most);
        line("");
    }

    private void arm(String name, ArmReward arm, double most) {
        Estimate reward = arm.reward();
        String value = Text.number(reward.value(), 3) + " ± " + Text.number(reward.margin(), 3);
        String bar = Sparkline.bar(reward.value() / most, BAR);
        line(Text.left(name, NAME)
                + Text.right(Text.whole(arm.decisions()), 10)
                + Text.right(value, 20)
                + "   "
                + (name.equals("learned") ? paint.good(bar) : paint.dim(bar)));
    }

    private void beforeAndAfter() {
        Part first = report.tenths().get(0);
        Part last = report.tenths().get(report.tenths().size() - 1);
        line(Text.left("", NAME) + Text.right("first tenth", 14) + Text.right("last tenth", 14));
        compare("learned", first.learned(), last.learned(), 3);
        compare("blind, same offers", first.offered(), last.offered(), 3);
        compare("control", first.control(), last.control(), 3);
        compare(paint.bold("learned / blind"), first.lift(), last.lift(), 2);
        if (report.withRegret()) {
            compare("regret per item", first.regret(), last.regret(), 3);
            compare("regret of a blind pick", first.uniformRegret(), last.uniformRegret(), 3);
        }
        line("");
    }

    private void compare(String name, double before, double after, int decimals) {
        String padding = " ".repeat(NAME - paint.width(name));
        line(name
                + padding
                + Text.right(Text.number(before, decimals), 14)
                + Text.right(Text.number(after, decimals), 14));
    }

    private void lifts(Statistics statistics) {
        row(
                "lift over blind",
                interval(report.lift()) + "; second half "
                        + Text.number(report.secondHalfLift().value(), 2));
        row("lift over popularity", interval(report.liftOverPopularity()) + verdict(report.liftOverPopularity()));
        List<Part> parts = statistics.parts((int) Math.max(1, Math.min(CURVE, statistics.decisions() / 20)));
        double[] lifts = parts.stream().mapToDouble(Part::lift).toArray();
        row(
                "lift over time",
                Text.number(lifts[0], 2) + " " + paint.good(Sparkline.of(lifts)) + " "
                        + Text.number(lifts[lifts.length - 1], 2));
        line("");
    }

    private static String interval(Estimate estimate) {
        return estimate.exists()
                ? Text.number(estimate.value(), 2) + "  (95 %: " + Text.number(estimate.low(), 2) + " to "
                        + Text.number(estimate.high(), 2) + ")"
                : "–";
    }

    private static String verdict(Estimate lift) {
        if (!lift.exists()) {
            return "";
        }
        return lift.low() > 1 ? "" : lift.high() < 1 ? ": plain counting does better" : ": no sure difference";
    }

    private void weights(List<Weight> weights) {
        if (weights.isEmpty()) {
            return;
        }
        line(paint.bold("What it learned") + ": the strongest of "
                + Text.whole(report.measured().model().nonzero()) + " weights");
        for (Weight weight : weights) {
            String value = (weight.weight() < 0 ? "-" : "+") + Text.number(Math.abs(weight.weight()), 2);
            String padded = Text.right(value, 8);
            line((weight.weight() < 0 ? paint.bad(padded) : paint.good(padded))
                    + "  "
                    + Text.left(Text.clip(weight.name(), FEATURE), FEATURE)
                    + (weight.count() < 0 ? "" : "  seen " + Text.whole(weight.count())));
        }
        line("");
    }

    private void engine() {
        Measured measured = report.measured();
        row("freshness", quantiles(measured.freshnessMs()) + ", from feedback taken to a decision that knows it");
        row(
                "",
                "of positives p50 " + Text.millis(measured.positiveFreshnessMs().p50()) + ", of negatives p50 "
                        + Text.millis(measured.negativeFreshnessMs().p50()));
        row("answers", quantiles(measured.rankMs()));
        Measured.Progressive progressive = measured.progressive();
        row(
                "predictions",
                "log-loss " + Text.number(progressive.logLoss(), 4) + ", normalised entropy "
                        + Text.number(progressive.normalizedEntropy(), 3) + ", AUC "
                        + Text.number(progressive.auc(), 3) + ", calibration "
                        + Text.number(progressive.calibration(), 3));
        Measured.Model model = measured.model();
        row(
                "model",
                "version " + Text.whole(model.version()) + ", digest " + model.digest() + ", lineage "
                        + Text.clip(model.lineage(), 9));
    }

    private static String quantiles(Measured.Quantiles quantiles) {
        return "p50 " + Text.millis(quantiles.p50()) + ", p99 " + Text.millis(quantiles.p99());
    }

    private void row(String name, String value) {
        line(Text.left(name, NAME) + " " + value);
    }

    private void line(String text) {
        out.append(text.isEmpty() ? "" : "  ").append(text.stripTrailing()).append('\n');
    }

    private static double or0(ArmReward arm) {
        return arm.reward().exists() ? arm.reward().value() : 0;
    }

    private record Paint(boolean colour) {
        String bold(String text) {
            return paint(text, "1");
        }

        String dim(String text) {
            return paint(text, "2");
        }

        String good(String text) {
            return paint(text, "32");
        }

        String bad(String text) {
            return paint(text, "31");
        }

        int width(String text) {
            return text.replaceAll("\u001b\\[[0-9]+m", "").length();
        }

        private String paint(String text, String code) {
            return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
        }
    }
}
