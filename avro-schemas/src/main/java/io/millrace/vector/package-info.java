/**
 * Feature vectors as they travel and are logged: positional against a {@link io.millrace.vector.FeatureSet}, packed into
 * bytes.
 */
@NullMarked
package io.millrace.vector;

import org.jspecify.annotations.NullMarked;
