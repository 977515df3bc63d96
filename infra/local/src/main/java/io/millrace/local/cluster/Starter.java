package io.millrace.local.cluster;

import java.io.IOException;

/** Has members of a cluster begin their work. */
interface Starter {
    /** Starts it, unless it is there. */
    void start(Member member) throws IOException;

    boolean isAlive(Member member);
}
