package io.millrace.serving.rank;

import io.millrace.features.aggregate.AggregateEncoder;
import io.millrace.features.aggregate.EntitySource;
import io.millrace.features.encode.Indexer;
import io.millrace.features.encode.SparseVector;
import io.millrace.features.encode.ValueEncoder;
import io.millrace.features.spec.PipelineSpec;
import io.millrace.serving.model.ServedModel;
import io.millrace.serving.policy.Draws;
import io.millrace.serving.popularity.PopularityKey;
import io.millrace.serving.popularity.RewardRates;
import io.millrace.serving.rank.RankRequest.Candidate;
import io.millrace.trainer.score.Layout;
import io.millrace.trainer.score.RowFinder;
import io.millrace.trainer.score.Scorer;
import io.millrace.trainer.snapshot.ModelSnapshot;
import io.millrace.vector.FeatureSet;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import io.millrace.wire.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one thread needs to encode and score, used again and again. Not thread-safe: one a thread. */
final class Workspace {
    /** A request as it is logged and decided. */
    record Encoded(byte[] shared, byte[][] features, float[] scores, float[] rates) {}

    private record NewName(long hash, String field, String value) {}

    private final String subjectName;
    private final FeatureVector vector;
    private final List<SparseVector> indexed = new ArrayList<>();
    private final Layout layout;
    private final Indexer indexer;
    private final RowFinder finder;
    private final Scorer scorer;
    private final Combinations combinations;
    private final ValueEncoder sharedEncoder;
    private final ValueEncoder candidateEncoder;
    private final AggregateEncoder aggregates;
    private final PopularityKey popularityKey;
    private final NameLog names;
    private final List<NewName> newNames = new ArrayList<>();
    private final Draws draws;

    Workspace(PipelineSpec spec, byte[] secret, NameLog names) {
        FeatureSet set = spec.featureSet();
        this.subjectName = spec.decision().subject();
        this.vector = new FeatureVector(set);
        this.layout = Layout.of(spec);
        this.indexer = new Indexer(spec, layout.firstFeature());
        this.finder = new RowFinder(spec, layout);
        this.scorer = Scorer.of(spec);
        this.combinations = new Combinations(spec);
        this.sharedEncoder = new ValueEncoder(spec.decision().shared(), 0, this::name);
        this.candidateEncoder = new ValueEncoder(spec.decision().candidate(), set.shared(), this::name);
        this.aggregates = new AggregateEncoder(spec);
        this.popularityKey = new PopularityKey(spec);
        this.names = names;
        this.draws = new Draws(secret);
    }

    Draws draws() {
        return draws;
    }

    /** Encodes and scores; values that do not fit are reported and left out. */
    Encoded encode(
            RankRequest request,
            @Nullable ServedModel model,
            RewardRates rewardRates,
            EntitySource entities,
            Problems problems) {
        newNames.clear();
        Map<String, @Nullable Object> context = new LinkedHashMap<>(request.context());
        context.put(subjectName, request.subject());
        sharedEncoder.encode(context, "context", vector.clear(), problems);
        aggregates.encodeShared(vector, request.timeMicros(), entities);
        byte[] shared = vector.packShared();
        int n = request.candidates().size();
        Encoded encoded = new Encoded(shared, new byte[n][], new float[n], new float[n]);
        double prior = rewardRates.prior();
        double total = 0;
        for (int i = 0; i < n; i++) {
            Candidate candidate = request.candidates().get(i);
            candidateEncoder.encode(candidate.features(), "candidates[" + i + "]", vector.clearCandidate(), problems);
            aggregates.encodeCandidate(candidate.item(), vector, request.timeMicros(), entities);
            encoded.features()[i] = vector.packCandidate();
            encoded.rates()[i] = (float) rewardRates.rate(popularityKey.of(candidate.item(), vector), prior);
            long expanded = combinations.of(vector);
            total += expanded;
            if (expanded > Combinations.MAX_PER_CANDIDATE) {
                problems.accept(tooMany("candidates[" + i + "]", expanded, Combinations.MAX_PER_CANDIDATE));
            } else if (model != null && total <= Combinations.MAX_PER_REQUEST) {
                index(model.snapshot(), i);
            }
        }
        if (total > Combinations.MAX_PER_REQUEST) {
            problems.accept(tooMany("candidates", total, Combinations.MAX_PER_REQUEST));
        }
        if (model != null && problems.isEmpty()) {
            scorer.score(model.snapshot(), indexed, n, encoded.scores());
        }
        return encoded;
    }

    private void index(ModelSnapshot snapshot, int candidate) {
        if (candidate == indexed.size()) {
            indexed.add(new SparseVector());
        }
        SparseVector x = indexed.get(candidate);
        indexer.index(vector, layout.numerics(snapshot), x);
        finder.place(snapshot, snapshot.rows(), x);
    }

    /** Writes the names of the hashes that were encoded last and are not known to be written. */
    void writeNames() {
        for (NewName name : newNames) {
            names.write(name.hash(), name.field(), name.value());
        }
        newNames.clear();
    }

    private static Problem tooMany(String place, double found, long most) {
        return new Problem(
                place, String.format(Locale.ROOT, "%.0f combinations of crossed features", found), "at most " + most);
    }

    private void name(long hash, String field, String value) {
        if (names.isNew(hash)) {
            newNames.add(new NewName(hash, field, value));
        }
    }
}
