/**
 * What was rewarded how often, counted from the outcomes: a plain baseline beside the model, and the least that it must
 * beat. One thread counts; any thread reads without locks.
 */
@NullMarked
package io.millrace.serving.popularity;

import org.jspecify.annotations.NullMarked;
