package io.millrace.features.spec;

import java.io.Serializable;

/**
 * When a version is too bad to be shown.
 *
 * @param margin by which the recent loss may exceed that of the last good versions, as a share of it: 0.2 for 20 %
 * @param window how many examples count as recent
 */
public record GuardSpec(double margin, int window) implements Serializable {}
