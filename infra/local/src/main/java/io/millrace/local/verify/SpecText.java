package io.millrace.local.verify;

import io.millrace.features.spec.PipelineSpec;

/** A spec as its author wrote it, and as it is read. */
public record SpecText(String yaml, PipelineSpec spec) {}
