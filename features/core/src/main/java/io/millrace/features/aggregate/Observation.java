package io.millrace.features.aggregate;

/**
 * One thing that happened, as one aggregate takes it.
 *
 * @param id tells apart what happened at the same time
 * @param number of a count 1, of a rate 1 or 0, of an age the time, else the number
 * @param per of a rate 1 or 0, of an age 0, else 1
 * @param category the hash of a category, else 0
 */
public record Observation(long timeMicros, long id, double number, double per, long category) {}
