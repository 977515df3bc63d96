package io.millrace.features.spec;

import io.millrace.wire.Problem;

/** Something wrong at a place of a spec; lines and columns count from 1. */
public record SpecProblem(int line, int column, Problem problem) {
    @Override
    public String toString() {
        return line + ":" + column + ": " + problem;
    }
}
