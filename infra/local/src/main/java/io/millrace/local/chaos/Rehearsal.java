package io.millrace.local.chaos;

import io.millrace.local.cluster.Cluster;
import io.millrace.local.demo.Audience;
import io.millrace.local.demo.Audiences;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A small cluster at work within one process, for seconds: an archive of classes that is made of it knows what each process of a
 * cluster loads.
 */
final class Rehearsal {
    private static final Cluster.Size SIZE = new Cluster.Size(1, 1, false);
    private static final double RATE = 50;
    private static final long LASTS_MS = 4_000;

    private Rehearsal() {}

    /**
     * Ends the process: 0 if all parts worked.
     *
     * @param arguments a directory that is not there, which the caller deletes afterwards: to the end, all parts write there
     */
    public static void main(String[] arguments) {
        int exit = 1;
        try {
            long decided = rehearse(Path.of(arguments[0]), System.out);
            System.out.println(decided + " decisions");
            exit = decided > 0 ? 0 : 1;
        } catch (Exception | Error e) {
            e.printStackTrace();
        } finally {
            Runtime.getRuntime().halt(exit);
        }
    }

    private static long rehearse(Path directory, PrintStream out) throws Exception {
        Audience audience = Audiences.SIMULATED.open(Optional.empty(), 1);
        try (Cluster cluster = Cluster.inThisProcess(directory, ChaosRun.spec(), SIZE)) {
            cluster.up(out::println);
            try (Journal journal = new Journal(directory.resolve("acknowledged.tsv"));
                    Load load = new Load(audience, cluster.serving(), cluster.collector(), journal)) {
                Thread stop = new Thread(() -> stopLater(load));
                stop.setDaemon(true);
                stop.start();
                load.run(RATE);
                return load.decided();
            }
        }
    }

    private static void stopLater(Load load) {
        try {
            TimeUnit.MILLISECONDS.sleep(LASTS_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        load.stop();
    }
}
