package io.millrace.local.chaos;

/**
 * What the log says of what was promised, once everything is through.
 *
 * @param lost acknowledged feedback that is not in the log
 * @param withoutEffect that has no outcome although its decision is in the log
 * @param undecided whose decision is not in the log
 * @param duplicated feedback beyond what was sent, and outcomes and examples that are there more than once
 * @param examples how many there are
 */
record Drained(long lost, long withoutEffect, long undecided, long duplicated, long examples) {}
