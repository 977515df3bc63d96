/** HTTP services: thin shells that read requests, ask, and write JSON. They run on event loops and never block them. */
@NullMarked
package io.millrace.serving.http;

import org.jspecify.annotations.NullMarked;
