package io.millrace.ingestion.collect;

import io.millrace.wire.Topic;

/** Turns one JSON object into one record of a topic. Safe for use by several threads. */
sealed interface Intake permits FeedbackIntake, EventIntake, ItemIntake {
    Topic topic();

    /** Reads the object; where something is wrong with it, that is noted in its fields and the result is of no use. */
    Outgoing read(Fields fields);
}
