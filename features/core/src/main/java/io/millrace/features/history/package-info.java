/**
 * What becomes of our records in a file store: tables with named, typed columns, for people who do not read Avro.
 */
@NullMarked
package io.millrace.features.history;

import org.jspecify.annotations.NullMarked;
