/**
 * Reads topics of others for as long as it runs, and writes what their records become, each once: what was read and what was
 * written is one transaction. One thread a source.
 */
@NullMarked
package io.millrace.ingestion.reader;

import org.jspecify.annotations.NullMarked;
