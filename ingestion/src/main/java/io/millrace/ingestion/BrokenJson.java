package io.millrace.ingestion;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.wire.Problem;

/** What to say of a text that is no JSON. Stateless. */
public final class BrokenJson {
    private static final int SHOWN = 120;

    private BrokenJson() {}

    /**
     * The problem, with its place.
     *
     * @param isLine whether the text is one line, whose number is said already
     */
    public static Problem of(String name, boolean isLine, JsonProcessingException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("");
        String reason = message.length() > SHOWN ? message.substring(0, SHOWN) + "..." : message;
        String place = "broken JSON";
        if (e.getLocation() != null) {
            String line = isLine ? "" : " line " + e.getLocation().getLineNr() + ",";
            place += " at" + line + " column " + e.getLocation().getColumnNr();
        }
        return new Problem(name, place, "a JSON object; " + reason);
    }
}
