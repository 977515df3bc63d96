/** Vowpal Wabbit, in this process by way of JNI. BSD-3-Clause. */
@NullMarked
package io.millrace.bench.vw;

import org.jspecify.annotations.NullMarked;
