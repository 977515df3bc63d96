package io.millrace.bench.vw;

import java.util.List;

/**
 * The settings tried: the default, its step size, and the other learners that Vowpal Wabbit has for such data; FTRL also
 * with the beta of 1 that its paper and Millrace have.
 */
final class VwSetting {
    static final String DEFAULT = "default";

    /** The default first. */
    static final List<String> ALL = List.of(
            DEFAULT,
            "-l 0.1",
            "-l 1",
            "-l 2",
            "--coin",
            "--sgd",
            "--ftrl --ftrl_alpha 0.05",
            "--ftrl --ftrl_alpha 0.1",
            "--ftrl --ftrl_alpha 0.2",
            "--ftrl --ftrl_alpha 0.5",
            "--ftrl --ftrl_alpha 0.05 --ftrl_beta 1",
            "--ftrl --ftrl_alpha 0.1 --ftrl_beta 1",
            "--ftrl --ftrl_alpha 0.2 --ftrl_beta 1",
            "--ftrl --ftrl_alpha 0.5 --ftrl_beta 1");

    private static final String COMMON = "--loss_function logistic --link logistic --quiet";
    private static final int BITS = 22;

    private VwSetting() {}

    /** The whole command line of a setting. */
    static String arguments(String setting) {
        return arguments(setting, BITS);
    }

    /** The same with 2^bits weights. */
    static String arguments(String setting, int bits) {
        String common = COMMON + " -b " + bits;
        return setting.equals(DEFAULT) ? common : common + " " + setting;
    }
}
