package io.millrace.features.aggregate;

import org.jspecify.annotations.Nullable;

/** Where the tiles of one entity's windows are kept, by aggregate and number. */
public interface Tiles {
    /** The tile's state; null where there is none. */
    byte @Nullable [] get(long aggregate, long tile);

    void put(long aggregate, long tile, byte[] state);

    void remove(long aggregate, long tile);

    /** All tiles of an aggregate, in any order; it may be changed only afterwards. */
    void forEach(long aggregate, Visitor visitor);

    /** Is shown a tile. */
    interface Visitor {
        void tile(long tile, byte[] state);
    }
}
