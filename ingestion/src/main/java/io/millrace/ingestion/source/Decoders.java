package io.millrace.ingestion.source;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.millrace.features.spec.SourceSpec;
import io.millrace.features.spec.SourceSpec.Framing;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Makes the decoder that a source asks for. Stateless. */
final class Decoders {
    private static final String DESCRIPTORS = "a descriptor set (protoc --include_imports --descriptor_set_out)";

    private Decoders() {}

    static Decoder of(SourceSpec source, Path folder, SchemaById schemas) throws SourceException {
        boolean isFramed = source.framing() == Framing.CONFLUENT;
        return switch (source.format()) {
            case JSON -> new JsonDecoder(isFramed);
            case AVRO -> isFramed ? AvroDecoder.framed(schemas) : AvroDecoder.bare(avroSchema(source, folder));
            case PROTOBUF -> new ProtobufDecoder(message(source, folder), isFramed);
        };
    }

    private static Schema avroSchema(SourceSpec source, Path folder) throws SourceException {
        String text = new String(read(source, folder), StandardCharsets.UTF_8);
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw wrong(source, "schema", source.schema() + ": " + e.getMessage(), "an Avro schema");
        }
    }

    private static Descriptor message(SourceSpec source, Path folder) throws SourceException {
        Map<String, FileDescriptor> built = new HashMap<>();
        try {
            // Files come after those that they import.
            for (FileDescriptorProto file :
                    FileDescriptorSet.parseFrom(read(source, folder)).getFileList()) {
                FileDescriptor[] imports = file.getDependencyList().stream()
                        .map(built::get)
                        .filter(Objects::nonNull)
                        .toArray(FileDescriptor[]::new);
                built.put(file.getName(), FileDescriptor.buildFrom(file, imports));
            }
        } catch (InvalidProtocolBufferException | DescriptorValidationException e) {
            throw wrong(source, "schema", source.schema() + ": " + e.getMessage(), DESCRIPTORS);
        }
        for (FileDescriptor file : built.values()) {
            for (Descriptor message : file.getMessageTypes()) {
                Descriptor found = find(message, String.valueOf(source.message()));
                if (found != null) {
                    return found;
                }
            }
        }
        throw wrong(source, "message", String.valueOf(source.message()), "a message of " + source.schema());
    }

    private static @Nullable Descriptor find(Descriptor message, String name) {
        if (message.getFullName().equals(name)) {
            return message;
        }
        return message.getNestedTypes().stream()
                .map(inner -> find(inner, name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static byte[] read(SourceSpec source, Path folder) throws SourceException {
        Path file = folder.resolve(String.valueOf(source.schema()));
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw wrong(source, "schema", file + ": " + e.getClass().getSimpleName(), "a file that can be read");
        }
    }

    private static SourceException wrong(SourceSpec source, String setting, String value, String expected) {
        return new SourceException(List.of(new Problem("sources." + source.name() + "." + setting, value, expected)));
    }
}
