package io.millrace.local.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.broker.BrokerGroup;
import io.millrace.broker.FreePorts;
import io.millrace.local.StartException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a cluster consists of: chosen once, kept in its directory, so that every part finds the others after a restart.
 *
 * @param format version of the directory's layout
 * @param clusterId of the Kafka cluster
 * @param brokers ports of brokers, for clients
 * @param controllers ports of the same processes, for each other
 * @param rest of Flink's job manager
 * @param taskManagers how many
 * @param gates ports of brokers that clients reach by doors; none in a usual cluster
 * @param doors ports that collector and serving use instead of the gates
 * @param sources port of the process that reads the topics of others; 0 in a plan of 0.1.0, for any
 */
record ClusterPlan(
        int format,
        String pipeline,
        String clusterId,
        List<Integer> brokers,
        List<Integer> controllers,
        int zookeeper,
        int jobManager,
        int rest,
        int taskManagers,
        int collector,
        List<Integer> serving,
        List<Integer> gates,
        List<Integer> doors,
        int sources) {
    static final int FORMAT = 1;

    private static final int MOST = 9;
    private static final int SERVING = 2;

    /** A new plan on ports that are free now. */
    static ClusterPlan choose(String pipeline, int brokers, int taskManagers, boolean isGated) throws StartException {
        check("--brokers", brokers);
        check("--taskmanagers", taskManagers);
        int gates = isGated ? brokers : 0;
        int needed = 2 * brokers + 2 * gates + 3 + 1 + SERVING + 1;
        Deque<Integer> ports = new ArrayDeque<>(free(needed));
        return new ClusterPlan(
                FORMAT,
                pipeline,
                BrokerGroup.newId(),
                take(ports, brokers),
                take(ports, brokers),
                ports.pop(),
                ports.pop(),
                ports.pop(),
                taskManagers,
                ports.pop(),
                take(ports, SERVING),
                take(ports, gates),
                take(ports, gates),
                ports.pop());
    }

    @JsonIgnore
    boolean isWellFormed() {
        return pipeline != null
                && clusterId != null
                && brokers != null
                && controllers != null
                && brokers.size() == controllers.size()
                && !brokers.isEmpty()
                && serving != null
                && !serving.isEmpty()
                && taskManagers > 0
                && gates != null
                && doors != null
                && gates.size() == doors.size()
                && (gates.isEmpty() || gates.size() == brokers.size());
    }

    private static void check(String flag, int value) throws StartException {
        if (value < 1 || value > MOST) {
            throw new StartException(new Problem(flag, Integer.toString(value), "1 to " + MOST).toString());
        }
    }

    private static List<Integer> take(Deque<Integer> ports, int count) {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(ports.pop());
        }
        return taken;
    }

    private static List<Integer> free(int count) throws StartException {
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ports.add(FreePorts.next());
            }
            return ports;
        } catch (IOException e) {
            throw new StartException("loopback: no port can be opened: " + e.getMessage(), e);
        }
    }
}
