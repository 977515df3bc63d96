/** Subjects that ask to be forgotten. */
@NullMarked
package io.millrace.local.erase;

import org.jspecify.annotations.NullMarked;
