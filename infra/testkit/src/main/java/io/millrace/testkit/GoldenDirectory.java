package io.millrace.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A directory that a release left behind, kept as one file. With {@code -Dmillrace.write-golden=<version>}, tests write what
 * this build leaves behind; what is there already is never written again.
 */
public final class GoldenDirectory {
    private GoldenDirectory() {}

    /** Writes a directory. */
    @FunctionalInterface
    public interface Writer {
        void write(Path directory) throws Exception;
    }

    /** All files of that name under {@code golden/<version>/}, after writing this build's if it is asked for. */
    public static List<Path> all(Path golden, String name, Writer writer) throws Exception {
        String version = System.getProperty("millrace.write-golden");
        if (version != null && !Files.exists(golden.resolve(version).resolve(name))) {
            Path directory = Files.createTempDirectory("millrace-golden");
            writer.write(directory);
            pack(directory, Files.createDirectories(golden.resolve(version)).resolve(name));
        }
        try (Stream<Path> versions = Files.list(golden)) {
            return versions.map(each -> each.resolve(name))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        }
    }

    static void pack(Path directory, Path file) throws IOException {
        try (Stream<Path> files = Files.walk(directory);
                OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry =
                        new ZipEntry(directory.relativize(each).toString().replace('\\', '/'));
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                Files.copy(each, zip);
                zip.closeEntry();
            }
        }
    }

    /** Writes what the file holds into a directory. */
    public static void unpack(Path file, Path directory) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = directory.resolve(entry.getName());
                Files.createDirectories(target.getParent());
                Files.copy(zip, target);
            }
        }
    }
}
