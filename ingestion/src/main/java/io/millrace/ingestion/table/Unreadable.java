package io.millrace.ingestion.table;

/** In the place of a value that a format holds but rows do not: what was found, and what would be read. */
record Unreadable(String found, String expected) {
    @Override
    public String toString() {
        return found;
    }
}
