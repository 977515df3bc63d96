package io.millrace.ingestion.source;

import static io.millrace.ingestion.source.TestingSources.mapper;
import static io.millrace.ingestion.source.TestingSources.reason;
import static io.millrace.ingestion.source.TestingSources.record;
import static io.millrace.ingestion.source.TestingSources.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.UnknownFieldSet;
import io.millrace.record.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtobufSourceMapperTest {
    private static final String SETTINGS = """
            format: protobuf, schema: shop.desc, message: shop.Click, as: events, kind: {field: what}, id: id,
            time: {field: at, unit: iso}, entities: {item: product.id},
            values: {price: product.price, tags: tags, seen: seen, discount: discount?}""";
    private static final Event EXPECTED = new Event(
            "e-1",
            "FILM",
            TestingSources.MICROS,
            Map.of("item", "18446744073709551615"),
            Map.of("price", 12.5, "tags", List.of("a", "b"), "seen", false));

    @TempDir
    private static Path folder;

    private static Descriptor click;

    private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    /** As protoc would make it of a proto3 file. */
    @BeforeAll
    static void describe() throws Exception {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("shop.proto")
                .setPackage("shop")
                .setSyntax("proto3")
                .addDependency("google/protobuf/timestamp.proto")
                .addEnumType(EnumDescriptorProto.newBuilder()
                        .setName("What")
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("BOOK")
                                .setNumber(0))
                        .addValue(EnumValueDescriptorProto.newBuilder()
                                .setName("FILM")
                                .setNumber(1)))
                .addMessageType(DescriptorProto.newBuilder().setName("Other"))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Click")
                        .addField(field("id", 1, Type.TYPE_STRING))
                        .addField(field("at", 2, Type.TYPE_MESSAGE).setTypeName(".google.protobuf.Timestamp"))
                        .addField(field("product", 3, Type.TYPE_MESSAGE).setTypeName(".shop.Click.Product"))
                        .addField(field("what", 4, Type.TYPE_ENUM).setTypeName(".shop.What"))
                        .addField(field("tags", 5, Type.TYPE_STRING).setLabel(Label.LABEL_REPEATED))
                        .addField(field("seen", 6, Type.TYPE_BOOL))
                        .addField(field("discount", 7, Type.TYPE_DOUBLE)
                                .setProto3Optional(true)
                                .setOneofIndex(0))
                        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_discount"))
                        .addNestedType(DescriptorProto.newBuilder()
                                .setName("Product")
                                .addField(field("id", 1, Type.TYPE_UINT64))
                                .addField(field("price", 2, Type.TYPE_FLOAT))))
                .build();
        FileDescriptorSet set = FileDescriptorSet.newBuilder()
                .addFile(TimestampProto.getDescriptor().toProto())
                .addFile(file)
                .build();
        Files.write(folder.resolve("shop.desc"), set.toByteArray());
        click = FileDescriptor.buildFrom(file, new FileDescriptor[] {TimestampProto.getDescriptor()})
                .findMessageTypeByName("Click");
    }

    private static Message message() {
        Descriptor product = click.findNestedTypeByName("Product");
        return DynamicMessage.newBuilder(click)
                .setField(click.findFieldByName("id"), "e-1")
                .setField(
                        click.findFieldByName("at"),
                        Timestamp.newBuilder()
                                .setSeconds(TestingSources.NOW.getEpochSecond())
                                .build())
                .setField(
                        click.findFieldByName("product"),
                        DynamicMessage.newBuilder(product)
                                .setField(product.findFieldByName("id"), -1L)
                                .setField(product.findFieldByName("price"), 12.5f)
                                .build())
                .setField(
                        click.findFieldByName("what"),
                        click.getFile().findEnumTypeByName("What").findValueByName("FILM"))
                .addRepeatedField(click.findFieldByName("tags"), "a")
                .addRepeatedField(click.findFieldByName("tags"), "b")
                .build();
    }

    private static byte[] framed(Message message, int... indexes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {0, 0, 0, 0, 9});
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeSInt32NoTag(indexes.length);
        for (int index : indexes) {
            out.writeSInt32NoTag(index);
        }
        message.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static SourceMapper protobuf(String more) throws SourceException {
        return mapper("{" + SETTINGS + more + "}", folder, id -> Optional.empty());
    }

    @Test
    void messagesAreReadByTheDescriptorSet() throws Exception {
        assertThat(taken(protobuf("").map(record(message().toByteArray()))).record())
                .isEqualTo(EXPECTED);
    }

    @Test
    void aFrameNamesTheMessageOfItsFile() throws Exception {
        SourceMapper mapper = protobuf(", framing: confluent");
        assertThat(taken(mapper.map(record(framed(message(), 1)))).record()).isEqualTo(EXPECTED);
        assertThat(reason(mapper.map(record(framed(message())))))
                .isEqualTo("s: record: message [0] of its file (expected: [1], shop.Click)");
    }

    @Test
    void aMessageThatChangedUnderWayIsReadAsFarAsItStillFits() throws Exception {
        UnknownFieldSet.Field number =
                UnknownFieldSet.Field.newBuilder().addVarint(5).build();
        Message more = message().toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(99, number).build())
                .build();
        assertThat(taken(protobuf("").map(record(more.toByteArray()))).record()).isEqualTo(EXPECTED);
        int id = click.findFieldByName("id").getNumber();
        Message other = message().toBuilder()
                .clearField(click.findFieldByName("id"))
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(id, number).build())
                .build();
        assertThat(reason(protobuf("").map(record(other.toByteArray()))))
                .startsWith("s: id: \"")
                .endsWith("(expected: a text of 1 to 1024 characters, or a whole number)");
        int seen = click.findFieldByName("seen").getNumber();
        UnknownFieldSet.Field text = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("yes"))
                .build();
        Message retyped = message().toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(seen, text).build())
                .build();
        assertThat(reason(protobuf("").map(record(retyped.toByteArray()))))
                .as("not its default")
                .startsWith("s: seen: \"");
    }

    @Test
    void brokenBytesAreTold() throws Exception {
        assertThat(reason(protobuf("").map(record(new byte[] {10, 100}))))
                .startsWith("s: record: broken Protobuf data")
                .endsWith("(expected: a message shop.Click)");
    }

    @Test
    void aDescriptorSetThatHasNoSuchMessageIsToldAtTheStart() throws Exception {
        Files.writeString(folder.resolve("broken.desc"), "no set");
        assertThatThrownBy(() -> mapper(
                        "{" + SETTINGS.replace("shop.Click", "shop.Clack") + "}", folder, id -> Optional.empty()))
                .hasMessageEndingWith("sources.s.message: shop.Clack (expected: a message of shop.desc)");
        assertThatThrownBy(() -> mapper(
                        "{" + SETTINGS.replace("shop.desc", "broken.desc") + "}", folder, id -> Optional.empty()))
                .hasMessageEndingWith("(expected: a descriptor set (protoc --include_imports --descriptor_set_out))");
    }
}
