/** The command line of the benchmarks: one file a sub-command. Tables go to standard output, progress to standard error. */
@NullMarked
package io.millrace.bench.cli;

import org.jspecify.annotations.NullMarked;
