package io.millrace.ingestion.table;

/** A column of one {@link Table}, looked up once and used for every row. Immutable. */
public final class Column {
    private final Columns owner;
    private final String name;
    private final int index;

    Column(Columns owner, String name, int index) {
        this.owner = owner;
        this.name = name;
        this.index = index;
    }

    public String name() {
        return name;
    }

    /** Where it stands among the columns of its table; -1 where rows name their columns themselves. */
    int index() {
        return index;
    }

    boolean isOf(Columns columns) {
        return owner == columns;
    }

    @Override
    public String toString() {
        return name;
    }
}
