/**
 * From a rank request to an answer: read and checked, encoded, scored with one model version, decided, logged.
 *
 * <p>{@link io.millrace.serving.rank.Ranker} may be used by any number of threads; what it keeps per thread never crosses.
 */
@NullMarked
package io.millrace.serving.rank;

import org.jspecify.annotations.NullMarked;
