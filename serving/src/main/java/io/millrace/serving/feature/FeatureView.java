package io.millrace.serving.feature;

import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.aggregate.EntityValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values at the beginning of a generation. */
record FeatureView(List<Map<Long, EntityValues>> values, Generation generation) implements EntitySource {
    @Override
    public @Nullable EntityValues find(int group, long entity) {
        return generation.atBeginning(group, entity, values.get(group).get(entity));
    }

    @Override
    public long position() {
        return generation.position();
    }
}
