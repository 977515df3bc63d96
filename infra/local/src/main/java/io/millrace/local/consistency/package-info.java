/** Streaming features that decisions logged, compared with what the log gives when they are computed again. Used by one thread. */
@NullMarked
package io.millrace.local.consistency;

import org.jspecify.annotations.NullMarked;
