/** The way out of Millrace: decisions over HTTP, made with the newest weights, and logged. */
@NullMarked
package io.millrace.serving;

import org.jspecify.annotations.NullMarked;
