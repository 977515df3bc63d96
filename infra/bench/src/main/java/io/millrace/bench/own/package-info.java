/** Millrace's own learners as contenders. */
@NullMarked
package io.millrace.bench.own;

import org.jspecify.annotations.NullMarked;
