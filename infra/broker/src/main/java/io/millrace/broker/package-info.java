/** A Kafka broker inside this process: the real one, with its log in a directory of the caller's. */
@NullMarked
package io.millrace.broker;

import org.jspecify.annotations.NullMarked;
