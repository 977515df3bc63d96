package io.millrace.local.learn;

import io.millrace.ingestion.table.TableFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file's rows become examples.
 *
 * @param format null where the file's name tells
 * @param label a column or an expression; null where the format knows
 * @param time the column of event times
 */
public record ExampleOptions(
        @Nullable TableFormat format,
        @Nullable String label,
        @Nullable String time,
        LearnOptions.Features features) {
    /** Nothing said. */
    public static final ExampleOptions NONE = new ExampleOptions(
            null, null, null, new LearnOptions.Features(List.of(), List.of(), List.of(), List.of(), 0));

    /** Whether anything is said but the format. */
    public boolean areGiven() {
        return label != null || time != null || features.areGiven();
    }
}
