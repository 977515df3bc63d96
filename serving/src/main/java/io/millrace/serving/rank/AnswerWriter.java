package io.millrace.serving.rank;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.serving.rank.Answer.Shown;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Answers as the JSON that callers get. */
public final class AnswerWriter {
    private static final int BYTES = 512;
    private static final JsonFactory FACTORY = new JsonFactory();

    private AnswerWriter() {}

    /** UTF-8. */
    public static byte[] write(Answer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("decision_id", answer.decisionId());
            if (answer.requestId() != null) {
                json.writeStringField("request_id", answer.requestId());
            }
            json.writeStringField("arm", answer.arm());
            json.writeBooleanField("explored", answer.explored());
            if (!answer.logged()) {
                json.writeBooleanField("logged", false);
            }
            writeModel(json, answer.model());
            json.writeArrayFieldStart("slate");
            for (int slot = 0; slot < answer.slate().size(); slot++) {
                writeSlot(json, slot, answer.slate().get(slot));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void writeModel(JsonGenerator json, Answer.@Nullable Version model) throws IOException {
        if (model == null) {
            json.writeNullField("model");
            return;
        }
        json.writeObjectFieldStart("model");
        json.writeStringField("lineage", model.lineage());
        json.writeArrayFieldStart("version");
        for (long offset : model.offsets()) {
            json.writeNumber(offset);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeSlot(JsonGenerator json, int slot, Shown shown) throws IOException {
        json.writeStartObject();
        json.writeNumberField("slot", slot);
        json.writeStringField("item", shown.item());
        json.writeNumberField("score", shown.score());
        json.writeNumberField("propensity", shown.propensity());
        json.writeEndObject();
    }
}
