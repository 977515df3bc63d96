/**
 * The values of streaming features, in memory: one thread follows their topic, any thread reads.
 */
@NullMarked
package io.millrace.serving.feature;

import org.jspecify.annotations.NullMarked;
