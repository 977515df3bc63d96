package io.millrace.broker;

import java.io.IOException;

/** A broker cannot keep its log in a directory, or go on with the one that is there; nothing was changed. */
public final class BrokerDirectoryException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokerDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
