/**
 * Proof from the log: a shard is learned again and compared with every version that was published, and examples and feedback
 * are counted. It knows no Kafka: whoever reads the topics hands over what stands there. Not thread-safe.
 */
@NullMarked
package io.millrace.trainer.audit;

import org.jspecify.annotations.NullMarked;
