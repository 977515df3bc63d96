/** Parts of a loop that run each in a process of its own, on brokers that they did not start. */
@NullMarked
package io.millrace.local.part;

import org.jspecify.annotations.NullMarked;
