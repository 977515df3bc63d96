/** The deployment files and images, checked and run. */
@NullMarked
package io.millrace.docker;

import org.jspecify.annotations.NullMarked;
