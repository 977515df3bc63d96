/**
 * The tables in which learners keep parameters and optimiser state: ND4J arrays, off heap. A table belongs to one thread.
 */
@NullMarked
package io.millrace.trainer.parameters;

import org.jspecify.annotations.NullMarked;
