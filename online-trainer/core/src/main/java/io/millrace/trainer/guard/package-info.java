/**
 * Decides which versions are shown: those that predict about as well as the last good ones did. It never touches what is
 * learned. Nothing here is thread-safe.
 */
@NullMarked
package io.millrace.trainer.guard;

import org.jspecify.annotations.NullMarked;
