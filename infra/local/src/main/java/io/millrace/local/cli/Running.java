package io.millrace.local.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** A command that goes on until the process is told to stop. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);

    private Running() {}

    static int untilStopped(CommandSpec command, String what, AutoCloseable part) throws InterruptedException {
        PrintWriter err = command.commandLine().getErr();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            err.println("millrace: stopping");
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("did not stop cleanly", e);
            }
            stopped.countDown();
        }));
        err.println("millrace: " + what + "; Ctrl-C stops");
        stopped.await();
        return 0;
    }
}
