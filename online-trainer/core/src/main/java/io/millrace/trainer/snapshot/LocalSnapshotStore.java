package io.millrace.trainer.snapshot;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory: {@code model/lineage/shard/offset.base}. A file is written under another name, forced to the disk and renamed;
 * what a crash leaves half written is removed by the next write of its shard.
 */
final class LocalSnapshotStore implements SnapshotStore {
    private static final Pattern FILE = Pattern.compile("(\\d{20})\\.base");
    private static final String UNFINISHED = ".part";
    private static final int BUFFER = 1 << 16;

    private final Path root;

    LocalSnapshotStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public Stored write(BaseName name, Body body) throws IOException {
        Path file = file(name);
        Path directory = Files.createDirectories(directory(name.model(), name.lineage(), name.shard()));
        removeUnfinished(directory);
        Path unfinished = directory.resolve(UUID.randomUUID() + UNFINISHED);
        long checksum;
        try {
            try (FileChannel channel =
                            FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
                checksum = body.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(directory);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return new Stored(file.toUri().toString(), checksum);
    }

    @Override
    public InputStream open(String uri) throws IOException {
        Path file = path(uri);
        if (!file.startsWith(root)) {
            throw new IllegalArgumentException("uri: " + uri + " (expected: a file below " + root.toUri() + ")");
        }
        return new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    @Override
    public InputStream open(BaseName name) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file(name)), BUFFER);
    }

    @Override
    public List<BaseName> list(String model, String lineage, int shard) throws IOException {
        Path directory = directory(model, lineage, shard);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(match -> new BaseName(model, lineage, shard, Long.parseLong(match.group(1))))
                    .sorted(Comparator.comparingLong(BaseName::offset))
                    .toList();
        }
    }

    @Override
    public void delete(BaseName name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    private Path file(BaseName name) {
        return directory(name.model(), name.lineage(), name.shard())
                .resolve(String.format("%020d.base", name.offset()));
    }

    private Path directory(String model, String lineage, int shard) {
        return root.resolve(escape(model)).resolve(escape(lineage)).resolve(Integer.toString(shard));
    }

    private static Path path(String uri) {
        try {
            return Path.of(URI.create(uri)).toAbsolutePath().normalize();
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IllegalArgumentException("uri: " + uri + " (expected: a file URI)", e);
        }
    }

    private static void removeUnfinished(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(UNFINISHED)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Letters, digits, hyphen and underscore stay; of everything else, the UTF-8 bytes in hex after a percent sign. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
                out.append(c);
            } else {
                out.append(String.format("%%%02x", (int) c));
            }
        }
        return out.toString();
    }
}
