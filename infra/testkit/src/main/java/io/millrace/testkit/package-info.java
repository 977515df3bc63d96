/** Fixtures for the tests of every module: real brokers, ports, seeds. */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
