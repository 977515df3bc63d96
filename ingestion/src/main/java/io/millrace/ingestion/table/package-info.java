/**
 * Tables as streams: {@link io.millrace.ingestion.table.Table} reads the rows of a file, or of standard input, in any
 * {@link io.millrace.ingestion.table.TableFormat}, so that a {@link io.millrace.ingestion.table.Row} reads the same whatever
 * its file was written as, and says exactly where a wrong value stands.
 *
 * <p>Memory is bounded by a row, a block or a page a column, never by the file. A table and its rows belong to one thread;
 * formats are immutable.
 */
@NullMarked
package io.millrace.ingestion.table;

import org.jspecify.annotations.NullMarked;
