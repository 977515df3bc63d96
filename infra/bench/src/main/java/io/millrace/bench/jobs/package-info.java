/** The join and the streaming features on a backlog, by the product's own broker and jobs. */
@NullMarked
package io.millrace.bench.jobs;

import org.jspecify.annotations.NullMarked;
