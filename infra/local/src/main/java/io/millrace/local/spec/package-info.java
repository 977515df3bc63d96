/** What {@code millrace spec} tells, for people and for programs. */
@NullMarked
package io.millrace.local.spec;

import org.jspecify.annotations.NullMarked;
