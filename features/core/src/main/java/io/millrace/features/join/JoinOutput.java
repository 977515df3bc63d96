package io.millrace.features.join;

import io.millrace.record.Example;
import io.millrace.record.Outcome;
import io.millrace.wire.Topic;

/** Where the join writes to. What it is given is the receiver's to keep. */
public interface JoinOutput {
    void example(Example example);

    void outcome(Outcome outcome);

    /**
     * A record that could not be used.
     *
     * @param source the topic that it was read from
     * @param bytes the record, single-object encoded
     * @param reason name, value and expectation
     */
    void deadLetter(Topic source, Place place, byte[] bytes, String reason);

    void count(JoinCount what);
}
