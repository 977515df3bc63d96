/**
 * Files as streams: {@link io.millrace.ingestion.replay.Table} reads rows with named columns and says exactly where a wrong
 * value stands, {@link io.millrace.ingestion.replay.Replayer} turns rows into events at the pace at which they happened.
 *
 * <p>A table and its rows belong to one thread; specs and mappings are immutable.
 */
@NullMarked
package io.millrace.ingestion.replay;

import org.jspecify.annotations.NullMarked;
