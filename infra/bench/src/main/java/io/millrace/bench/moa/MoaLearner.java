package io.millrace.bench.moa;

import java.util.function.Supplier;
import moa.classifiers.AbstractClassifier;
import moa.classifiers.bayes.NaiveBayes;
import moa.classifiers.functions.SGD;
import moa.classifiers.meta.AdaptiveRandomForest;
import moa.classifiers.trees.HoeffdingTree;

/** MOA's learners for such data, as they come; SGD with the loss that is measured. */
enum MoaLearner {
    NAIVE_BAYES("naive Bayes", NaiveBayes::new),
    HOEFFDING_TREE("Hoeffding tree", HoeffdingTree::new),
    SGD_LOGISTIC("SGD, logistic", MoaLearner::logistic),
    ADAPTIVE_RANDOM_FOREST("adaptive random forest", AdaptiveRandomForest::new);

    private static final int LOG_LOSS = 1;

    private final String text;
    private final Supplier<AbstractClassifier> maker;

    MoaLearner(String text, Supplier<AbstractClassifier> maker) {
        this.text = text;
        this.maker = maker;
    }

    String text() {
        return text;
    }

    /** A new learner, that has not seen the header yet. */
    AbstractClassifier create() {
        return maker.get();
    }

    private static SGD logistic() {
        SGD sgd = new SGD();
        sgd.lossFunctionOption.setChosenIndex(LOG_LOSS);
        return sgd;
    }
}
