package io.millrace.local.demo;

import java.util.List;
import java.util.Map;

/**
 * One request for a decision.
 *
 * @param number which request of its audience, from 0
 * @param id the caller's own id, {@code demo-<audience>-<seed>-<number>}
 * @param timeMicros event time, microseconds since 1970
 * @param context features of the situation, as a JSON body carries them
 * @param candidates features of each candidate, with its id under {@code item}
 * @param slots how many of them are wanted
 */
public record Request(
        long number,
        String id,
        String subject,
        long timeMicros,
        Map<String, Object> context,
        List<Map<String, Object>> candidates,
        int slots) {
    public Request {
        context = Map.copyOf(context);
        candidates = List.copyOf(candidates);
    }

    /** The id of a candidate. */
    public String item(int candidate) {
        return (String) candidates.get(candidate).get("item");
    }
}
