package io.millrace.features.job.pace;

import org.apache.flink.api.connector.source.SourceEvent;

/** A reader has come into a backlog, or out of it. */
record BacklogEvent(boolean isInBacklog) implements SourceEvent {
    private static final long serialVersionUID = 1L;
}
