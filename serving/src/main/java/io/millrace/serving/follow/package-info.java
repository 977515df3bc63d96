/**
 * Threads that follow topics: reading on for ever, riding out whatever happens to the broker, sending what nobody can read
 * to the dead letters.
 */
@NullMarked
package io.millrace.serving.follow;

import org.jspecify.annotations.NullMarked;
