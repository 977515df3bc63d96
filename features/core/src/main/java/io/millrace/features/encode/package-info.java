/**
 * From what a caller says to what a model learns: values become feature vectors, vectors become indices into a model's
 * table.
 */
@NullMarked
package io.millrace.features.encode;

import org.jspecify.annotations.NullMarked;
