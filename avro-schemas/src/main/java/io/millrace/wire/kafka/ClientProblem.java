package io.millrace.wire.kafka;

import io.millrace.wire.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/** What a failure of a Kafka client says about credentials, certificates and access rules; secrets are never part of it. */
public final class ClientProblem {
    private static final String JAAS = "kafka." + SaslConfigs.SASL_JAAS_CONFIG;
    private static final Pattern USER = Pattern.compile("\\busername=\"([^\"]*)\"");

    private ClientProblem() {}

    /** What is wrong, if the brokers did not let the client in, or did not let it do something. */
    public static Optional<Problem> of(Throwable failure) {
        return of(failure, Optional.empty());
    }

    /** The same, which names the user. */
    static Optional<Problem> of(Throwable failure, KafkaSettings kafka) {
        return of(failure, user(kafka));
    }

    /** The user that a client comes as, where its settings name one. */
    static Optional<String> user(KafkaSettings kafka) {
        Matcher user = USER.matcher(kafka.client().getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""));
        return user.find() ? Optional.of(user.group(1)) : Optional.empty();
    }

    private static Optional<Problem> of(Throwable failure, Optional<String> user) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException refused) {
                return Optional.of(refused(refused, user));
            }
            if (cause instanceof AuthorizationException forbidden) {
                return Optional.of(new Problem(
                        forbidden instanceof TopicAuthorizationException topics
                                ? "topics " + topics.unauthorizedTopics()
                                : "Kafka",
                        String.valueOf(forbidden.getMessage()),
                        "an access rule that allows it; 'millrace topics --acl' prints those of a part"));
            }
            if (cause instanceof IllegalArgumentException
                    && String.valueOf(cause.getMessage()).contains("JAAS")) {
                // What Kafka says may quote a part of a password that was not quoted right.
                return Optional.of(new Problem(
                        JAAS,
                        "****",
                        "a login module, 'required', then name=\"value\" for each option, and a semicolon"));
            }
        }
        return Optional.empty();
    }

    private static Problem refused(AuthenticationException refused, Optional<String> user) {
        if (refused instanceof SslAuthenticationException) {
            Throwable root = refused;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return new Problem(
                    "kafka.ssl.*",
                    String.valueOf(root.getMessage()),
                    "certificates that this client and the brokers take from each other");
        }
        String answer = "; they say: " + refused.getMessage();
        if (refused instanceof UnsupportedSaslMechanismException) {
            return new Problem("kafka." + SaslConfigs.SASL_MECHANISM, "refused", "one that the brokers know" + answer);
        }
        if (refused instanceof SaslAuthenticationException) {
            String who = user.map(name -> "user " + name + ", ").orElse("") + "password ****";
            return new Problem(JAAS, who, "a user and a password that the brokers know" + answer);
        }
        return new Problem("kafka.security.protocol", "refused", "the protocol of the brokers' listener" + answer);
    }
}
