/** How the cost of learning grows with the table's size and with the number of features. */
@NullMarked
package io.millrace.bench.scale;

import org.jspecify.annotations.NullMarked;
