/**
 * The model that is served: booted from the newest base snapshot, kept up to date by deltas. One thread follows the topics;
 * any thread reads the current version, which never changes under it.
 */
@NullMarked
package io.millrace.serving.model;

import org.jspecify.annotations.NullMarked;
