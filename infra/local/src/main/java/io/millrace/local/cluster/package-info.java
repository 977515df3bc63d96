/**
 * A real cluster on one machine: brokers, Flink with ZooKeeper, collector and serving, a process each, on loopback. The
 * processes outlive the one that starts them; a directory says which they are.
 */
@NullMarked
package io.millrace.local.cluster;

import org.jspecify.annotations.NullMarked;
