/**
 * The demo without its engine: audiences that ask and react like real clients and know the truth, the statistics of what
 * they were shown, and the report and summary made from them. Nothing here talks to a server.
 */
@NullMarked
package io.millrace.local.demo;

import org.jspecify.annotations.NullMarked;
