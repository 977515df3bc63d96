/** Learners of different makers on the same examples, one after the other: how well, how fast, and beside whom. */
@NullMarked
package io.millrace.bench.contest;

import org.jspecify.annotations.NullMarked;
