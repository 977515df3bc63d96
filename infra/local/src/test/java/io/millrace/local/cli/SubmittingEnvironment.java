package io.millrace.local.cli;

import io.millrace.local.FlinkCluster;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What a job's program finds when a Flink cluster runs it; the cluster is one in this process. */
@SuppressWarnings("try") // Closing it may be interrupted, says Flink.
final class SubmittingEnvironment extends StreamExecutionEnvironment {
    private final FlinkCluster flink;

    private SubmittingEnvironment(FlinkCluster flink, Configuration configuration) {
        super(configuration);
        this.flink = flink;
        setParallelism(1);
    }

    /** A program like those that {@code flink run} is given. */
    @FunctionalInterface
    interface Program {
        void main(String[] args) throws Exception;
    }

    static void run(FlinkCluster flink, Program program, String... args) throws Exception {
        Configuration configuration =
                Configuration.fromMap(flink.environment().getConfiguration().toMap());
        initializeContextEnvironment(given -> new SubmittingEnvironment(flink, configuration));
        try {
            program.main(args);
        } finally {
            resetContextEnvironment();
        }
    }

    /** Submits the job, from its newest checkpoint if it has one. */
    @Override
    public JobClient executeAsync(String name) throws Exception {
        flink.submit(name, this);
        return null;
    }
}
