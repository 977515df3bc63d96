package io.millrace.local.learn;

import io.millrace.trainer.learn.PredictionSink;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Predictions as CSV, a line an example: the row's number in the file from 0, the prediction and the label. */
final class PredictionFile implements PredictionSink, Closeable {
    private final BufferedWriter out;

    PredictionFile(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
        out.write("row,prediction,label\n");
    }

    @Override
    public void predicted(long row, double prediction, double label, double importance) {
        try {
            out.write(Long.toString(row));
            out.write(',');
            out.write(Double.toString(prediction));
            out.write(',');
            out.write(
                    Double.isNaN(label)
                            ? ""
                            : label == Math.rint(label) ? Long.toString((long) label) : Double.toString(label));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
