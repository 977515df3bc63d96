package io.millrace.local.chaos;

/**
 * What the log says of what was promised, once everything is through.
 *
 * @param withoutEffect acknowledged feedback in the log that has no outcome although its decision is in the log, too
 * @param undecided whose decision is not in the log
 */
record Drained(long withoutEffect, long undecided) {}
