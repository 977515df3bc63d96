package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path temporary;

    @Test
    void keepsItsSecretOverRestarts() throws Exception {
        byte[] secret;
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("data"), "movies")) {
            assertThat(directory.isNew()).isTrue();
            secret = directory.secret();
        }
        try (DataDirectory directory = DataDirectory.open(temporary.resolve("data"), "movies")) {
            assertThat(directory.isNew()).isFalse();
            assertThat(directory.secret()).isEqualTo(secret).hasSize(32);
        }
    }

    @Test
    void onlyItsOwnerReadsItsSecret() throws Exception {
        assumeTrue(Files.getFileStore(temporary).supportsFileAttributeView(PosixFileAttributeView.class));
        Path properties = temporary.resolve("millrace.properties");
        // Of a process that was killed while it made the directory.
        Files.writeString(temporary.resolve("millrace.properties.tmp"), "format=");
        DataDirectory.open(temporary, "movies").close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(properties)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(properties, PosixFilePermissions.fromString("rw-r--r--"));
        DataDirectory.openExisting(temporary, "nobody's").close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(properties)))
                .isEqualTo("rw-------");
    }

    @Test
    void isHeldByOneAtATime() throws Exception {
        try (DataDirectory held = DataDirectory.open(temporary, "movies")) {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> DataDirectory.open(held.path(), "movies"))
                    .withMessageContaining("in use by another process");
        }
    }

    @Test
    void anExistingOneIsOpenedWhoseverItIs() throws Exception {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.openExisting(temporary, "nobody's"))
                .withMessageContaining("no millrace.properties (expected: ");
        DataDirectory.open(temporary, "movies").close();
        try (DataDirectory held = DataDirectory.openExisting(temporary, "nobody's")) {
            assertThat(held.isNew()).isFalse();
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> DataDirectory.openExisting(temporary, "nobody's"))
                    .withMessageContaining("in use by another process (expected: nobody's)");
        }
    }

    @Test
    void refusesAnotherVersion() throws Exception {
        DataDirectory.open(temporary, "movies").close();
        Path properties = temporary.resolve("millrace.properties");
        Files.writeString(properties, Files.readString(properties).replace("format=1", "format=99"));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(temporary, "movies"))
                .withMessageContaining("format 99 (expected: 1");
    }

    @Test
    void refusesAnotherPipeline() throws Exception {
        DataDirectory.open(temporary, "movies").close();
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(temporary, "flights"))
                .withMessageContaining("pipeline movies (expected: flights");
    }

    @Test
    void refusesADirectoryThatIsNotItsOwn() throws Exception {
        Files.writeString(temporary.resolve("thesis.tex"), "years of work");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(temporary, "movies"))
                .withMessageContaining("has files but no millrace.properties");
    }

    @Test
    void refusesAFileInItsPlace() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> DataDirectory.open(file, "movies"))
                .withMessageContaining("cannot be written");
    }
}
