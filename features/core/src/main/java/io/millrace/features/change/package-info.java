/**
 * What a changed spec means for a model that has learned by the old one: {@link io.millrace.features.change.SpecDiff}. A pure
 * function of the two specs.
 */
@NullMarked
package io.millrace.features.change;

import org.jspecify.annotations.NullMarked;
