/** The way in: what its parts agree on about the records that they write. Everything here is stateless. */
@NullMarked
package io.millrace.ingestion;

import org.jspecify.annotations.NullMarked;
