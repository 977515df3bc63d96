package io.millrace.features.encode;

/** Receives what stands behind each categorical hash, every time that one is made. */
@FunctionalInterface
public interface NameSink {
    void name(long hash, String field, String value);
}
