package io.millrace.trainer.learn;

import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.Numerics;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.record.Example;
import io.millrace.record.ExampleKind;
import io.millrace.vector.FeatureTranslation;
import io.millrace.vector.FeatureVector;
import io.millrace.vector.MalformedVectorException;
import io.millrace.wire.Codec;
import io.millrace.wire.ExampleView;
import io.millrace.wire.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From a record to what a learner learns from, or to why it cannot: checked, unpacked and indexed. What it returns holds until
 * the next call. Not thread-safe.
 */
final class ExampleReader {
    private final PipelineSpec spec;
    private final Loss loss;
    private final long featureSetVersion;
    private final OlderFeatures older;
    private final Indexer indexer;
    private final Numerics numerics;
    private final Codec<Example> codec = Codec.of(Example.class);
    private final ReadExample current;

    ExampleReader(PipelineSpec spec, OlderFeatures older, int firstFeature, Numerics numerics) {
        this.spec = spec;
        this.loss = spec.model().loss();
        this.featureSetVersion = spec.featureSet().version();
        this.older = older;
        this.indexer = new Indexer(spec, firstFeature);
        this.numerics = numerics;
        this.current = new ReadExample(spec);
    }

    ReadExample read(Example example) {
        current.view().show(example);
        fill(current);
        return current;
    }

    /** @throws io.millrace.wire.WireException if the bytes are no example of the catalogue's schemas */
    ReadExample read(byte[] record, int from, int length) {
        if (!current.view().read(record, from, length)) {
            current.view().show(codec.decode(Arrays.copyOfRange(record, from, from + length)));
        }
        fill(current);
        return current;
    }

    /** What a model sees in a vector. */
    void index(FeatureVector features, SparseVector out) {
        indexer.index(features, numerics, out);
    }

    private void fill(ReadExample read) {
        Problem problem = check(read.view());
        read.setProblem(problem == null ? unpack(read) : problem);
    }

    private @Nullable Problem check(ExampleView view) {
        long version = view.featureSetVersion();
        if (version != featureSetVersion && older.translation(version) == null) {
            return new Problem("featureSetVersion", Long.toHexString(version), older.known());
        }
        Problem problem = check(view.reward(), view.weight());
        if (problem == null && view.kind() == ExampleKind.CORRECTION) {
            if (!view.isReplacing() || !Double.isFinite(view.replacedReward())) {
                return new Problem(
                        "replacedReward",
                        view.isReplacing() ? Double.toString(view.replacedReward()) : "null",
                        "the finite label of which it is a correction");
            }
        }
        return problem;
    }

    /** What is wrong with a label or an importance. */
    @Nullable
    Problem check(double reward, double weight) {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            return new Problem("weight", Double.toString(weight), "a finite number of at least 0");
        }
        if (!Double.isFinite(reward)) {
            return new Problem("reward", Double.toString(reward), "a finite number");
        }
        if (loss == Loss.POISSON && reward < 0) {
            return new Problem("reward", Double.toString(reward), "a count of at least 0, for Poisson loss");
        }
        return null;
    }

    private @Nullable Problem unpack(ReadExample read) {
        ExampleView view = read.view();
        FeatureTranslation translation =
                view.featureSetVersion() == featureSetVersion ? null : older.translation(view.featureSetVersion());
        try {
            if (translation == null) {
                read.setSubject(read.features().unpack(view.features(), view.featuresFrom(), view.featuresLength()));
            } else {
                read.setSubject(translation.translate(
                        view.features(), view.featuresFrom(), view.featuresLength(), read.features()));
            }
        } catch (MalformedVectorException e) {
            return new Problem(
                    "features",
                    String.valueOf(e.getMessage()),
                    "a vector of " + spec.featureSet().name());
        }
        index(read.features(), read.instance().vector());
        read.instance().rewarded(loss, view.reward(), view.weight());
        if (view.kind() == ExampleKind.CORRECTION) {
            read.instance().replacing(loss, view.replacedReward(), view.weight());
        }
        return null;
    }
}
