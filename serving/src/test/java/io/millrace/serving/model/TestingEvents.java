package io.millrace.serving.model;

import java.util.ArrayList;
import java.util.List;

/** Remembers what it was told. */
final class TestingEvents implements ModelEvents {
    final List<Long> offsets = new ArrayList<>();
    final List<String> gaps = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final List<String> unusable = new ArrayList<>();

    @Override
    public void serving(ServedModel model, boolean byDelta) {
        offsets.add(model.snapshot().offset());
    }

    @Override
    public void gap(String what) {
        gaps.add(what);
    }

    @Override
    public void refused(String why) {
        refused.add(why);
    }

    @Override
    public void unusable(String why) {
        unusable.add(why);
    }
}
