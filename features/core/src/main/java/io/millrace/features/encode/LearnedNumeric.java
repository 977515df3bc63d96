package io.millrace.features.encode;

import io.millrace.features.spec.Bins;
import io.millrace.features.spec.LearnerKind;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A numeric feature about whose values a model learns something: the centres of its bins, its mean and its standard
 * deviation.
 *
 * @param position in the feature set
 * @param bins how many bins
 * @param standardized whether the model sees the value itself beside its bins, less the mean and over the deviation
 */
public record LearnedNumeric(int position, int bins, boolean standardized) {
    private static final int BINS_OF_AUTO = 8;

    /** How many numbers are learned about it. */
    public int numbers() {
        return bins + 2;
    }

    int mean() {
        return bins;
    }

    int inverseDeviation() {
        return bins + 1;
    }

    /**
     * Those of a spec, in the order of the feature set: features in quantile bins, and for {@code auto} every other numeric
     * feature that is neither binned nor the offset.
     */
    public static List<LearnedNumeric> of(PipelineSpec spec) {
        FeatureSet set = spec.featureSet();
        List<LearnedNumeric> learned = new ArrayList<>();
        for (int position = 0; position < set.size(); position++) {
            Feature feature = set.features().get(position);
            @Nullable Bins bins = spec.bins().get(feature.name());
            if (bins instanceof Bins.Quantiles quantiles) {
                learned.add(new LearnedNumeric(position, quantiles.count(), false));
            } else if (bins == null
                    && feature.kind() == FeatureKind.NUMERIC
                    && spec.model().learner() == LearnerKind.AUTO
                    && !feature.name().equals(spec.model().offset())) {
                learned.add(new LearnedNumeric(position, BINS_OF_AUTO, true));
            }
        }
        return learned;
    }
}
