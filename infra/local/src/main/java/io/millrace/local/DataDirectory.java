package io.millrace.local;

import io.millrace.broker.BrokerDirectoryException;
import io.millrace.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one pipeline keeps everything that outlives its process. One process at a time holds it, by a lock that the
 * operating system drops when the process dies.
 */
public final class DataDirectory implements AutoCloseable {
    /** Version of the layout; a directory of another version is refused. */
    static final int FORMAT = 1;

    private static final String PROPERTIES = "millrace.properties";
    private static final String LOCK = "lock";
    private static final String UNFINISHED = PROPERTIES + ".tmp";
    /** What stands there before the properties do. */
    private static final Set<String> OWN = Set.of(LOCK, UNFINISHED);

    private static final String ONE_PROCESS = "one process at a time";

    private static final int SECRET_BYTES = 32;

    private final Path path;
    private final FileChannel channel;
    private final byte[] secret;
    private final boolean isNew;

    private DataDirectory(Path path, FileChannel channel, byte[] secret, boolean isNew) {
        this.path = path;
        this.channel = channel;
        this.secret = secret;
        this.isNew = isNew;
    }

    /**
     * Opens the directory, creating it where there is none.
     *
     * @throws StartException if it cannot be written, is in use, is of another version or belongs to another pipeline
     */
    public static DataDirectory open(Path path, String pipeline) throws StartException {
        return open(path, pipeline, ONE_PROCESS);
    }

    private static DataDirectory open(Path path, String pipeline, String expectedUse) throws StartException {
        Path directory = path.toAbsolutePath().normalize();
        refuseForeign(directory);
        FileChannel channel = lock(directory, expectedUse);
        try {
            Path file = directory.resolve(PROPERTIES);
            boolean isNew = !Files.exists(file);
            Properties properties = isNew ? create(file, pipeline) : read(file);
            check(directory, properties, pipeline);
            SecretFile.restrict(file);
            return new DataDirectory(
                    directory, channel, HexFormat.of().parseHex(properties.getProperty("secret")), isNew);
        } catch (StartException e) {
            closeQuietly(channel);
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            closeQuietly(channel);
            throw new StartException(
                    "data directory " + directory + ": " + PROPERTIES + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the directory of a pipeline that has run, whichever it is.
     *
     * @param expectedUse what a caller should do where another process holds it
     * @throws StartException if it is no such directory, is in use or is of another version
     */
    public static DataDirectory openExisting(Path path, String expectedUse) throws StartException {
        Path file = path.resolve(PROPERTIES);
        if (!Files.exists(file)) {
            throw new StartException("data directory " + path + ": no " + PROPERTIES
                    + " (expected: a directory in which a 'millrace up' has run)");
        }
        Properties properties;
        try {
            properties = read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(
                    "data directory " + path + ": " + PROPERTIES + " cannot be used: " + e.getMessage(), e);
        }
        return open(path, properties.getProperty("pipeline", "none"), expectedUse);
    }

    public Path path() {
        return path;
    }

    /** Whether this process created it. */
    public boolean isNew() {
        return isNew;
    }

    /** What the draws of this pipeline's decisions are keyed with. */
    public byte[] secret() {
        return secret.clone();
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    public Path backfill() {
        return path.resolve("backfill");
    }

    public Path models() {
        return path.resolve("models");
    }

    /** Whether a broker has kept its log here. */
    public boolean hasLog() {
        return Files.exists(kafka().resolve("meta.properties"));
    }

    /**
     * Starts the directory's broker.
     *
     * @throws StartException if it could not go on where the directory was left; nothing is changed then
     */
    public EmbeddedBroker startBroker(LoopbackPorts ports) throws StartException, IOException {
        KeptLog.check("data directory " + path, List.of(kafka()), models(), checkpoints());
        try {
            return EmbeddedBroker.start(kafka(), ports.kafka(), ports.controller());
        } catch (BrokerDirectoryException e) {
            throw new StartException("data directory " + path + ": " + e.getMessage(), e);
        }
    }

    /** Before anything is written there. */
    private static void refuseForeign(Path directory) throws StartException {
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve(PROPERTIES))) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.anyMatch(entry -> !OWN.contains(entry.getFileName().toString()))) {
                throw new StartException("data directory " + directory + ": has files but no " + PROPERTIES
                        + " (expected: an empty directory, or one that Millrace made)");
            }
        } catch (IOException e) {
            throw new StartException(
                    "data directory " + directory + ": cannot be read: " + IoReasons.of(e)
                            + " (expected: a directory with write permission)",
                    e);
        }
    }

    private static FileChannel lock(Path directory, String expectedUse) throws StartException {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                closeQuietly(channel);
                throw new StartException(
                        "data directory " + directory + ": in use by another process (expected: " + expectedUse + ")");
            }
            return channel;
        } catch (IOException e) {
            throw new StartException(
                    "data directory " + directory + ": cannot be written: " + IoReasons.of(e)
                            + " (expected: a directory with write permission)",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Properties create(Path file, String pipeline) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        Properties properties = new Properties();
        properties.setProperty("format", Integer.toString(FORMAT));
        properties.setProperty("pipeline", pipeline);
        properties.setProperty("secret", HexFormat.of().formatHex(secret));
        Path temporary = file.resolveSibling(UNFINISHED);
        StringWriter text = new StringWriter();
        properties.store(text, "Millrace's data; the format is its layout's version");
        SecretFile.write(temporary, text.toString());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        return properties;
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void check(Path directory, Properties properties, String pipeline) throws StartException {
        String format = properties.getProperty("format", "none");
        if (!format.equals(Integer.toString(FORMAT))) {
            throw new StartException("data directory " + directory + ": format " + format + " (expected: " + FORMAT
                    + "; start with another --data-dir)");
        }
        String owner = properties.getProperty("pipeline", "none");
        if (!owner.equals(pipeline)) {
            throw new StartException("data directory " + directory + ": pipeline " + owner + " (expected: " + pipeline
                    + "; start with another --data-dir)");
        }
        if (!properties.getProperty("secret", "").matches("[0-9a-f]{64}")) {
            throw new StartException("data directory " + directory + ": no secret in " + PROPERTIES + " (expected: "
                    + SECRET_BYTES + " bytes in hex)");
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets another process have it. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
