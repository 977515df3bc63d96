/**
 * What travels between processes: the topic catalogue and the wire format, Avro's single-object encoding.
 *
 * <p>What is here is immutable or safe for use by several threads, unless it says otherwise.
 */
@NullMarked
package io.millrace.wire;

import org.jspecify.annotations.NullMarked;
