/** MOA (Massive Online Analysis), whose licence is the GPL-3: nothing outside this module may depend on it. */
@NullMarked
package io.millrace.bench.moa;

import org.jspecify.annotations.NullMarked;
