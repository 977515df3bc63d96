package io.millrace.local.cluster;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A daemon thread of this process for each member, which calls its main method. Used by one thread. */
final class Threads implements Starter {
    private final Set<Member> failed = ConcurrentHashMap.newKeySet();
    private final ClassLoader actors = new SharedActors();

    @Override
    public void start(Member member) throws IOException {
        try {
            var main = Class.forName(member.main().get(0)).getMethod("main", String[].class);
            Object arguments = member.main().subList(1, member.main().size()).toArray(String[]::new);
            Thread thread = new Thread(
                    () -> {
                        try {
                            main.invoke(null, arguments);
                        } catch (ReflectiveOperationException e) {
                            e.printStackTrace();
                            failed.add(member);
                        }
                    },
                    member.name());
            thread.setDaemon(true);
            thread.setContextClassLoader(actors);
            thread.start();
        } catch (ReflectiveOperationException e) {
            throw new IOException(member.name() + ": " + e, e);
        }
    }

    /** As far as is known: main methods may return while what they started works on. */
    @Override
    public boolean isAlive(Member member) {
        return !failed.contains(member);
    }
}
