package io.millrace.local.cluster;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader;
import org.jspecify.annotations.Nullable;

/**
 * As the context class loader of threads, has Flink give all of them the same system of remote actors. Otherwise a job manager
 * and a task manager in one process load its classes twice, by a loader each, and an archive of classes keeps half of them.
 */
final class SharedActors extends ClassLoader {
    private static final String SERVICE = "META-INF/services/" + RpcSystemLoader.class.getName();
    private static final String REPLACEMENT = "rehearsal/actors";

    SharedActors() {
        super(SharedActors.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(SERVICE)
                ? Collections.enumeration(List.of(Objects.requireNonNull(getResource(REPLACEMENT), REPLACEMENT)))
                : super.getResources(name);
    }

    /** Loads once. */
    public static final class Loader implements RpcSystemLoader {
        private static @Nullable RpcSystem loaded;

        @Override
        public int getLoadPriority() {
            return 0;
        }

        @Override
        public RpcSystem loadRpcSystem(Configuration configuration) {
            synchronized (Loader.class) {
                if (loaded == null) {
                    loaded = new PekkoRpcSystemLoader().loadRpcSystem(configuration);
                }
                return loaded;
            }
        }
    }
}
