package io.millrace.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/**
 * Protobuf, by the descriptor of the message. It is the reader's: fields that it does not know are passed over, whichever schema
 * wrote them, so that no registry has to be asked.
 */
final class ProtobufDecoder implements Decoder {
    private static final int DEEPEST = 16;

    private final Descriptor message;
    private final boolean isFramed;
    private final List<Integer> ownIndexes;

    /** @param isFramed whether Confluent's frame stands before it, and then which message of the file it is */
    ProtobufDecoder(Descriptor message, boolean isFramed) {
        this.message = message;
        this.isFramed = isFramed;
        this.ownIndexes = indexes(message);
    }

    @Override
    public JsonNode decode(byte[] bytes) {
        int from = 0;
        if (isFramed) {
            Frame.schemaId(bytes);
            from = Frame.BYTES;
        }
        try {
            CodedInputStream input = CodedInputStream.newInstance(bytes, from, bytes.length - from);
            if (isFramed) {
                checkMessage(input);
            }
            DynamicMessage read = DynamicMessage.parseFrom(message, input);
            input.checkLastTagWas(0);
            return ProtobufTree.of(read);
        } catch (IOException e) {
            throw new UndecodableException(
                    "broken Protobuf data, " + e.getMessage(), "a message " + message.getFullName(), e);
        }
    }

    /** The path to the message in its file: a count and the indexes, zigzag; one zero stands for the first message. */
    private void checkMessage(CodedInputStream input) throws IOException {
        int count = input.readSInt32();
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < Math.min(count, DEEPEST); i++) {
            indexes.add(input.readSInt32());
        }
        if (count == 0) {
            indexes.add(0);
        }
        if (!indexes.equals(ownIndexes)) {
            throw new UndecodableException(
                    "message " + indexes + " of its file", ownIndexes + ", " + message.getFullName());
        }
    }

    private static List<Integer> indexes(Descriptor message) {
        LinkedList<Integer> indexes = new LinkedList<>();
        for (Descriptor each = message; each != null; each = each.getContainingType()) {
            indexes.addFirst(each.getIndex());
        }
        return List.copyOf(indexes);
    }
}
