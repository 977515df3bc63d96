package io.millrace.local;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.flink.api.common.JobID;

/** A job has the same id whenever it runs, so that its checkpoints are found where its last run left them. */
public final class JobIds {
    private JobIds() {}

    /** The id of the job of that name. */
    public static JobID of(String name) {
        UUID uuid = UUID.nameUUIDFromBytes(("millrace/" + name).getBytes(StandardCharsets.UTF_8));
        return new JobID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
