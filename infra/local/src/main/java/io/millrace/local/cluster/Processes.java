package io.millrace.local.cluster;

import java.io.IOException;
import java.util.Map;

/** A process for each member. */
record Processes(ClusterDirectory directory) implements Starter {
    @Override
    public void start(Member member) throws IOException {
        new MemberProcess(directory, member).start(Map.of());
    }

    @Override
    public boolean isAlive(Member member) {
        return new MemberProcess(directory, member).isAlive();
    }
}
