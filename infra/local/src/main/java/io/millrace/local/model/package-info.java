/**
 * What an operator does to a model: which lineage serves, at which version, what is learned beside it and without what. All
 * of it is one record in {@code model-control}, which jobs and serving follow.
 */
@NullMarked
package io.millrace.local.model;

import org.jspecify.annotations.NullMarked;
