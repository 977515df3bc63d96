package io.millrace.features.join;

/** Where in its topic a record was read. */
public record Place(int partition, long offset) {}
