package io.millrace.local.demo;

/**
 * What the audience says about one shown item.
 *
 * @param number which request it answers to
 * @param id {@code <request id>/<slot>}, so that a repeat is recognised as one
 * @param last whether nothing more will be said about this slot
 * @param timeMicros when it is known, event time; never before the request's
 */
public record Reaction(
        long number,
        String id,
        String requestId,
        int slot,
        String item,
        String kind,
        double value,
        boolean last,
        long timeMicros) {}
