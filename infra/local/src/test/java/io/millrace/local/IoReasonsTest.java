package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class IoReasonsTest {
    @Test
    void saysInWordsWhatTheExceptionsTypeMeans() {
        assertThat(IoReasons.of(new NoSuchFileException("a"))).isEqualTo("no such file or directory");
        assertThat(IoReasons.of(new AccessDeniedException("a"))).isEqualTo("no permission");
        assertThat(IoReasons.of(new FileAlreadyExistsException("a"))).isEqualTo("not a directory");
        assertThat(IoReasons.of(new MalformedInputException(1))).isEqualTo("not UTF-8");
    }

    @Test
    void passesOnWhatTheSystemSaid() {
        assertThat(IoReasons.of(new FileSystemException("a", null, "Not a directory")))
                .isEqualTo("not a directory");
        assertThat(IoReasons.of(new IOException("No space left on device"))).isEqualTo("no space left on device");
        assertThat(IoReasons.of(new IOException())).isEqualTo("java.io.IOException");
    }
}
