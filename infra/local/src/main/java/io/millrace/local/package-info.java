/** Everything in one process: an embedded broker, the Flink jobs on a mini cluster, serving and the collector. */
@NullMarked
package io.millrace.local;

import org.jspecify.annotations.NullMarked;
