/**
 * Topics of others: what a record of theirs becomes. A {@code Decoder} makes a tree of bytes, a {@code RecordMapper} finds the
 * fields that the spec names, and the result is a record of ours or everything that is wrong with it.
 *
 * <p>Knows neither Kafka nor HTTP. Nothing here is thread-safe, unless it says so.
 */
@NullMarked
package io.millrace.ingestion.source;

import org.jspecify.annotations.NullMarked;
