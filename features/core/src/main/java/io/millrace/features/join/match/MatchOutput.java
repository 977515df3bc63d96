package io.millrace.features.join.match;

import io.millrace.features.join.Place;
import io.millrace.record.Feedback;

/** Where the match writes to. What it is given is the receiver's to keep. */
public interface MatchOutput {
    /** Feedback that now names its decision by our id. */
    void matched(Feedback feedback, Place place);

    /**
     * Feedback that could not be used.
     *
     * @param bytes the record, single-object encoded
     * @param reason name, value and expectation
     */
    void deadLetter(Place place, byte[] bytes, String reason);

    /**
     * Asks for {@link SubjectMatch#onTime} when event time has reached this, once. Being called at other times too is
     * harmless; earlier requests stand.
     *
     * @param timeMicros microseconds since 1970 UTC
     */
    void wakeAt(long timeMicros);

    void count(MatchCount what);
}
