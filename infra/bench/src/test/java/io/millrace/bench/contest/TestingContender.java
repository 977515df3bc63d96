package io.millrace.bench.contest;

import java.util.Arrays;
import java.util.List;

/** Says the same of every example, and writes down when it starts, learns and closes. */
record TestingContender(String maker, String setting, double prediction, List<String> diary) implements Contender {
    @Override
    public String timed() {
        return "nothing";
    }

    @Override
    public Learning start() {
        diary.add(setting + " starts");
        return new Learning() {
            @Override
            public void learn(double[] predictions) {
                diary.add(setting + " learns");
                Arrays.fill(predictions, prediction);
            }

            @Override
            public void close() {
                diary.add(setting + " closes");
            }
        };
    }
}
