package io.millrace.trainer.job;

import io.millrace.features.spec.DecisionSpec;
import io.millrace.features.spec.FeedbackSpec;
import io.millrace.features.spec.Loss;
import io.millrace.features.spec.ModelSpec;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.features.spec.PolicySpec;
import io.millrace.features.spec.SnapshotSpec;
import io.millrace.vector.Feature;
import io.millrace.vector.FeatureKind;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pipeline spec that Flink can send to its tasks along with an operator; both ends run the same code. */
final class CarriedSpec implements Serializable {
    private static final long serialVersionUID = 1L;

    private transient PipelineSpec spec;

    CarriedSpec(PipelineSpec spec) {
        this.spec = spec;
    }

    PipelineSpec spec() {
        return spec;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.writeUTF(spec.pipeline());
        out.writeUTF(spec.decision().subject());
        writeFeatures(out, spec.decision().context());
        writeFeatures(out, spec.decision().candidate());
        out.writeInt(spec.decision().slots());
        out.writeObject(new HashMap<>(spec.feedback().reward()));
        out.writeObject(new HashSet<>(spec.feedback().finalKinds()));
        out.writeObject(spec.feedback().window());
        out.writeObject(spec.feedback().late());
        out.writeObject(new ArrayList<>(spec.crosses()));
        out.writeUTF(spec.model().learner());
        out.writeObject(spec.model().loss());
        out.writeInt(spec.model().bits());
        out.writeLong(spec.model().seed());
        out.writeObject(new HashMap<>(spec.model().settings()));
        out.writeObject(spec.policy().explore());
        out.writeDouble(spec.policy().epsilon());
        out.writeDouble(spec.policy().control());
        out.writeDouble(spec.policy().popularity());
        out.writeUTF(spec.policy().popularityBy());
        out.writeObject(spec.snapshot().every());
        out.writeObject(spec.snapshot().base());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        String pipeline = in.readUTF();
        DecisionSpec decision = new DecisionSpec(in.readUTF(), readFeatures(in), readFeatures(in), in.readInt());
        FeedbackSpec feedback = new FeedbackSpec(
                CarriedSpec.<Map<String, Double>>read(in),
                CarriedSpec.<Set<String>>read(in),
                CarriedSpec.<Duration>read(in),
                CarriedSpec.<Duration>read(in));
        List<List<String>> crosses = read(in);
        ModelSpec model = new ModelSpec(
                in.readUTF(),
                CarriedSpec.<Loss>read(in),
                in.readInt(),
                in.readLong(),
                CarriedSpec.<Map<String, Double>>read(in));
        PolicySpec policy = new PolicySpec(
                CarriedSpec.<PolicySpec.Explore>read(in),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readUTF());
        SnapshotSpec snapshot = new SnapshotSpec(CarriedSpec.<Duration>read(in), CarriedSpec.<Duration>read(in));
        spec = new PipelineSpec(pipeline, decision, feedback, crosses, model, policy, snapshot);
    }

    private static void writeFeatures(ObjectOutputStream out, List<Feature> features) throws IOException {
        out.writeInt(features.size());
        for (Feature feature : features) {
            out.writeUTF(feature.name());
            out.writeObject(feature.kind());
        }
    }

    private static List<Feature> readFeatures(ObjectInputStream in) throws IOException, ClassNotFoundException {
        int size = in.readInt();
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            features.add(new Feature(in.readUTF(), CarriedSpec.<FeatureKind>read(in)));
        }
        return features;
    }

    /** What stands next in the stream, as {@link #writeObject} put it there. */
    @SuppressWarnings("unchecked")
    private static <T> T read(ObjectInputStream in) throws IOException, ClassNotFoundException {
        return (T) in.readObject();
    }
}
