/**
 * From a topic to published weights, by the product's own broker and job, beside learners that have the examples in memory.
 */
@NullMarked
package io.millrace.bench.pipeline;

import org.jspecify.annotations.NullMarked;
