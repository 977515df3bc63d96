/**
 * What travels between processes: the topic catalogue and the wire format, Avro's single-object encoding.
 *
 * <p>Everything here is immutable or safe for use by several threads.
 */
@NullMarked
package io.millrace.wire;

import org.jspecify.annotations.NullMarked;
