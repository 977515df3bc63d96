/** What is learned from: columns of examples in their order, and where they come from. */
@NullMarked
package io.millrace.bench.data;

import org.jspecify.annotations.NullMarked;
