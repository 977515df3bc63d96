/** What became of records that nobody could use: to be counted, looked at, and sent again. One thread each. */
@NullMarked
package io.millrace.local.letters;

import org.jspecify.annotations.NullMarked;
