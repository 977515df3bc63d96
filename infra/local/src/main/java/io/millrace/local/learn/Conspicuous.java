package io.millrace.local.learn;

import io.millrace.vector.FeatureKind;
import io.millrace.vector.FeatureVector;
import io.millrace.wire.Problem;
import org.jspecify.annotations.Nullable;

/** What a row that could not be learned may have that others do not: most often a label or a number of another size. */
final class Conspicuous {
    /** How the learner calls an example, which nobody finds in a file. */
    private static final String OFFSET = "^example at offset [0-9]+, ";

    private Conspicuous() {}

    /**
     * Label and largest number, for people.
     *
     * @param vector null where it is not known
     */
    static String of(double label, @Nullable FeatureVector vector) {
        String text = "the row's label is " + PredictionFile.text(label);
        int largest = vector == null ? -1 : largest(vector);
        return vector == null || largest < 0
                ? text
                : text + ", its largest number " + name(vector, largest) + " = "
                        + PredictionFile.text(Double.parseDouble(Float.toString(vector.value(vector.from(largest)))));
    }

    /** A learner's problem without what only the learner knows. */
    static Problem ofRow(Problem problem) {
        return new Problem(problem.name().replaceFirst(OFFSET, ""), problem.value(), problem.expected());
    }

    /** The position of the number that is largest in size; -1 where there is none. */
    private static int largest(FeatureVector vector) {
        int largest = -1;
        for (int position = 0; position < vector.positions(); position++) {
            boolean isNumber = vector.kind(position) == FeatureKind.NUMERIC && vector.isPresent(position);
            if (isNumber && (largest < 0 || size(vector, position) > size(vector, largest))) {
                largest = position;
            }
        }
        return largest;
    }

    private static float size(FeatureVector vector, int position) {
        return Math.abs(vector.value(vector.from(position)));
    }

    private static String name(FeatureVector vector, int position) {
        return vector.set().features().get(position).name();
    }
}
