/** The life of one decision, from the topics: {@link io.millrace.local.trace.Tracer} finds it. It writes nothing. */
@NullMarked
package io.millrace.local.trace;

import org.jspecify.annotations.NullMarked;
