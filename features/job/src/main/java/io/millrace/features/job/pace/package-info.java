/**
 * Backlogs, read as they would have been lived through: topics in step with each other, and checkpoints further apart until the present is
 * reached.
 */
@NullMarked
package io.millrace.features.job.pace;

import org.jspecify.annotations.NullMarked;
