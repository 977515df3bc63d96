/** What a person should look at: the topic {@code alerts}, for people and programs. */
@NullMarked
package io.millrace.local.alerts;

import org.jspecify.annotations.NullMarked;
