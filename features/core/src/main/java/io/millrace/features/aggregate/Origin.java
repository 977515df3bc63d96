package io.millrace.features.aggregate;

import io.millrace.wire.Topic;

/** Which topic something is from. Ordinals stand in states: new ones go to the end. */
public enum Origin {
    EVENTS(Topic.EVENTS),
    OUTCOMES(Topic.OUTCOMES);

    private final Topic topic;

    Origin(Topic topic) {
        this.topic = topic;
    }

    public Topic topic() {
        return topic;
    }
}
