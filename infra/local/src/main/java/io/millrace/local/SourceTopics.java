package io.millrace.local;

import io.millrace.features.spec.SourceSpec;
import io.millrace.wire.kafka.KafkaSettings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics of sources, in a broker of our own, where nobody else would make them. Stateless. */
public final class SourceTopics {
    private SourceTopics() {}

    /** Makes those that are missing, with one partition each, of which the brokers keep so many copies. */
    public static void createMissing(KafkaSettings kafka, List<SourceSpec> sources, short copies)
            throws ExecutionException, InterruptedException {
        Set<String> missing = new TreeSet<>();
        sources.stream().filter(source -> source.cluster() == null).forEach(source -> missing.add(source.topic()));
        try (Admin admin = Admin.create(kafka.admin())) {
            missing.removeAll(admin.listTopics().names().get());
            admin.createTopics(missing.stream()
                            .map(name -> new NewTopic(name, 1, copies))
                            .toList())
                    .all()
                    .get();
        }
    }
}
