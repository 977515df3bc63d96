package io.millrace.trainer.learn;

import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureTranslation;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The feature sets of which a log holds examples besides those of the spec. Not thread-safe. */
final class OlderFeatures {
    private final FeatureSet now;
    private final FeatureTranslation[] translations;

    /**
     * @param older in any order, and more than once if need be
     * @throws IllegalArgumentException if vectors of one of them cannot be translated
     */
    OlderFeatures(Collection<FeatureSet> older, FeatureSet now) {
        this.now = now;
        Map<Long, FeatureTranslation> byVersion = new TreeMap<>(Long::compareUnsigned);
        for (FeatureSet set : older) {
            if (set.version() != now.version() && !byVersion.containsKey(set.version())) {
                byVersion.put(set.version(), new FeatureTranslation(set, now));
            }
        }
        this.translations = byVersion.values().toArray(FeatureTranslation[]::new);
    }

    /** What takes vectors of a version over; null if it is not known. */
    @Nullable
    FeatureTranslation translation(long version) {
        for (FeatureTranslation translation : translations) {
            if (translation.from().version() == version) {
                return translation;
            }
        }
        return null;
    }

    /** The versions of which examples can be learned, for people. */
    String known() {
        String text = Long.toHexString(now.version()) + " of " + now.name();
        return translations.length == 0
                ? text
                : text + ", or older: "
                        + Arrays.stream(translations)
                                .map(translation ->
                                        Long.toHexString(translation.from().version()))
                                .collect(Collectors.joining(", "));
    }
}
