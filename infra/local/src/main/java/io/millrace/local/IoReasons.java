package io.millrace.local;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Why a file or directory cannot be used, in words: exceptions of files carry little more than a path. */
public final class IoReasons {
    private IoReasons() {}

    /** The reason, to stand after the file's name. */
    public static String of(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "not a directory";
        }
        if (failure instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        String reason = failure instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : failure.getMessage();
        return reason == null || reason.isEmpty()
                ? failure.toString()
                : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }
}
