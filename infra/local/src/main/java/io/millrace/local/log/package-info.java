/** Reads a pipeline's topics from outside, as they are when they are asked for, and writes nothing. */
@NullMarked
package io.millrace.local.log;

import org.jspecify.annotations.NullMarked;
