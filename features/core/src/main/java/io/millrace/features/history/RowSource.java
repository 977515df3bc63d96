package io.millrace.features.history;

import io.millrace.vector.FeatureVector;
import java.nio.ByteBuffer;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one row is made from.
 *
 * @param candidate the slot or the candidate that the row of a decision is of
 * @param slot its number; null where it was not shown
 * @param vector the feature vector, if it is of the table's feature set
 * @param packed the feature vector as it was logged, if it is of another
 */
record RowSource(
        IndexedRecord log,
        int partition,
        long offset,
        @Nullable IndexedRecord candidate,
        @Nullable Integer slot,
        @Nullable FeatureVector vector,
        @Nullable ByteBuffer packed) {}
