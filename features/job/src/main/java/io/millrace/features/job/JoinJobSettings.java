package io.millrace.features.job;

import io.millrace.wire.Problem;
import java.io.Serializable;
import java.time.Duration;

/**
 * How the join runs: deployment, not pipeline.
 *
 * @param parallelism tasks of every operator
 * @param transactionalIdPrefix names the job's transactions; its own among all that write to the same Kafka cluster, and the
 *     same over restarts
 */
public record JoinJobSettings(int parallelism, String transactionalIdPrefix, Commits commits, Patience patience)
        implements Serializable {
    public JoinJobSettings {
        check(parallelism > 0, "parallelism", parallelism, "at least 1");
        check(!transactionalIdPrefix.isBlank(), "transactionalIdPrefix", transactionalIdPrefix, "a name");
    }

    /**
     * When results are written for good.
     *
     * @param checkpointInterval how often: no reader sees them before
     * @param transactionTimeout how long the broker keeps a transaction open for a job that is down; the broker's
     *     {@code transaction.max.timeout.ms} must allow it
     * @param inTransactions otherwise at least once, which is unsound: for showing that a verification finds what comes of it
     */
    public record Commits(Duration checkpointInterval, Duration transactionTimeout, boolean inTransactions)
            implements Serializable {
        public Commits {
            check(checkpointInterval.toMillis() >= 10, "checkpointInterval", checkpointInterval, "at least PT0.01S");
            check(transactionTimeout.toMillis() > 0, "transactionTimeout", transactionTimeout, "positive");
        }
    }

    /**
     * How long is waited for what is late or missing.
     *
     * @param outOfOrderness how far behind the newest record of its partition one may be, in event time, and still be on time
     * @param idleAfter how long a partition must have given nothing newer, in wall time, before event time advances without it
     * @param emptyAfter the same for a partition that has given nothing since the job started: long enough that a reader which
     *     has a backlog has begun to read it
     * @param maxAhead how far ahead of the clock a record's time may be; one beyond is a dead letter, since it would end all
     *     windows
     * @param schemaWait how long an unknown schema is waited for before its record is a dead letter
     */
    public record Patience(
            Duration outOfOrderness, Duration idleAfter, Duration emptyAfter, Duration maxAhead, Duration schemaWait)
            implements Serializable {
        public Patience {
            check(!outOfOrderness.isNegative(), "outOfOrderness", outOfOrderness, "not negative");
            check(idleAfter.compareTo(Duration.ZERO) > 0, "idleAfter", idleAfter, "positive");
            check(emptyAfter.compareTo(idleAfter) >= 0, "emptyAfter", emptyAfter, "at least idleAfter, " + idleAfter);
            check(!maxAhead.isNegative(), "maxAhead", maxAhead, "not negative");
            check(!schemaWait.isNegative(), "schemaWait", schemaWait, "not negative");
        }

        /** How far event time may be behind what arrives from a live stream; further behind, there is a backlog. */
        Duration live() {
            return outOfOrderness.plus(idleAfter).plusSeconds(1);
        }
    }

    /** What suits a single process. */
    public static JoinJobSettings defaults() {
        return new JoinJobSettings(
                1,
                "millrace-join",
                new Commits(Duration.ofMillis(100), Duration.ofDays(1), true),
                new Patience(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofDays(1),
                        Duration.ofSeconds(5)));
    }

    public JoinJobSettings withParallelism(int tasks) {
        return new JoinJobSettings(tasks, transactionalIdPrefix, commits, patience);
    }

    public JoinJobSettings withTransactionalIdPrefix(String prefix) {
        return new JoinJobSettings(parallelism, prefix, commits, patience);
    }

    public JoinJobSettings withCheckpointInterval(Duration interval) {
        Commits changed = new Commits(interval, commits.transactionTimeout(), commits.inTransactions());
        return new JoinJobSettings(parallelism, transactionalIdPrefix, changed, patience);
    }

    public JoinJobSettings withTransactionTimeout(Duration timeout) {
        Commits changed = new Commits(commits.checkpointInterval(), timeout, commits.inTransactions());
        return new JoinJobSettings(parallelism, transactionalIdPrefix, changed, patience);
    }

    /** The same without transactions. */
    public JoinJobSettings withoutTransactions() {
        Commits changed = new Commits(commits.checkpointInterval(), commits.transactionTimeout(), false);
        return new JoinJobSettings(parallelism, transactionalIdPrefix, changed, patience);
    }

    private static void check(boolean right, String name, Object value, String expected) {
        if (!right) {
            throw new IllegalArgumentException(new Problem(name, value.toString(), expected).toString());
        }
    }
}
