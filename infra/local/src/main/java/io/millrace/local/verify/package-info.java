/**
 * The proof of what a pipeline promises, from its own topics: {@link io.millrace.local.verify.Verification} reads them and has
 * {@code io.millrace.trainer.audit} learn and count. It writes nothing.
 */
@NullMarked
package io.millrace.local.verify;

import org.jspecify.annotations.NullMarked;
