/**
 * Streaming features computed a second time, from everything that happened at once: no state, no tiles, no merging, nothing of the code that
 * computes them online but the spec, the fields of what happened and the hashes by which entities are known. Used by one thread.
 */
@NullMarked
package io.millrace.features.consistency;

import org.jspecify.annotations.NullMarked;
