/**
 * The HTTP collector: feedback, events and items over HTTP into Kafka, acknowledged when Kafka has them.
 *
 * <p>Requests are read on Armeria's event loops, checked and sent on the collector's own threads, and answered from the
 * producer's. What is shared between requests is safe for use by several threads; {@code Fields} and {@code Problems}
 * belong to one request.
 */
@NullMarked
package io.millrace.ingestion.collect;

import org.jspecify.annotations.NullMarked;
