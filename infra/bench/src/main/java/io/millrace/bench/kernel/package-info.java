/** JMH benchmarks of the parts that bound the speed of learning. */
@NullMarked
package io.millrace.bench.kernel;

import org.jspecify.annotations.NullMarked;
