package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key with a self-signed certificate for 127.0.0.1, made by the JDK's {@code keytool}, and a store for those who trust it.
 *
 * @param keys PKCS12, the key's
 * @param trusted PKCS12, the certificate alone
 * @param password of both
 */
public record Certificates(Path keys, Path trusted, String password) {
    private static final long PATIENCE_SECONDS = 60;

    /** Makes both files in a directory. */
    public static Certificates create(Path directory, String password) throws IOException, InterruptedException {
        Path keys = directory.resolve("keys.p12");
        Path certificate = directory.resolve("certificate.pem");
        Path trusted = directory.resolve("trusted.p12");
        keytool(
                password,
                "-genkeypair -alias broker -keyalg EC -dname CN=127.0.0.1 -ext san=ip:127.0.0.1 -validity 2 -keystore",
                keys);
        keytool(password, "-exportcert -rfc -alias broker -file " + certificate + " -keystore", keys);
        keytool(password, "-importcert -noprompt -alias broker -file " + certificate + " -keystore", trusted);
        return new Certificates(keys, trusted, password);
    }

    private static void keytool(String password, String arguments, Path store)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of(store.toString(), "-storetype", "PKCS12", "-storepass", password));
        Path said = Files.createTempFile(store.getParent(), "keytool", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("keytool " + arguments + ": " + Files.readString(said));
        }
    }
}
