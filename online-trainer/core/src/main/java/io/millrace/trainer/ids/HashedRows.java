package io.millrace.trainer.ids;

import io.millrace.features.encode.SparseVector;

/** Rows that the indexer has found already. */
enum HashedRows implements IdRows {
    INSTANCE;

    @Override
    public void find(SparseVector x) {}

    @Override
    public void findKnown(SparseVector x) {}

    @Override
    public void place(SparseVector x, long timeMicros) {}

    @Override
    public boolean isForgetting() {
        return false;
    }

    @Override
    public void forget(SparseVector x) {}

    @Override
    public void learned(int pending) {}

    @Override
    public void undo() {}

    @Override
    public void restored() {}
}
