/** The command line: one file a sub-command. Data goes to standard output, progress and errors to standard error. */
@NullMarked
package io.millrace.local.cli;

import org.jspecify.annotations.NullMarked;
