package io.millrace.local.model;

import io.millrace.features.change.SpecDiff;
import io.millrace.record.LineagePlan;
import java.util.Optional;

/**
 * What a changed spec came to.
 *
 * @param plan of the lineage that is learned by it; none where the live one stays
 */
public record Applied(SpecDiff diff, Optional<LineagePlan> plan) {}
