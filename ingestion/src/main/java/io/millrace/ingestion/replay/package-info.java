/**
 * Files replayed: {@link io.millrace.ingestion.replay.Replayer} turns the rows of a table into events at the pace at which
 * they happened.
 *
 * <p>Mappings and plans are immutable.
 */
@NullMarked
package io.millrace.ingestion.replay;

import org.jspecify.annotations.NullMarked;
