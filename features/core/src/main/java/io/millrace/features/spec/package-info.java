/**
 * The pipeline spec: one file that every component reads. {@link io.millrace.features.spec.SpecReader} reports all
 * problems of a file at once, each with its place.
 *
 * <p>The types are immutable.
 */
@NullMarked
package io.millrace.features.spec;

import org.jspecify.annotations.NullMarked;
