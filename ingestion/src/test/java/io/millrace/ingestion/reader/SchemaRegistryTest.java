package io.millrace.ingestion.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.source.SchemaUnavailableException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {
    private TestingRegistry server;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws Exception {
        server = new TestingRegistry();
        registry = new SchemaRegistry(server.settings());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void asksForASchemaOnceAndSaysWhoAsks() throws Exception {
        server.schema(7, "\"string\"");
        assertThat(registry.find(7)).contains(Schema.create(Schema.Type.STRING));
        assertThat(registry.find(7)).contains(Schema.create(Schema.Type.STRING));
        assertThat(server.asked).containsExactly("/schemas/ids/7");
        assertThat(server.authorizations).containsExactly("Basic YW5uOmh1c2g=");
    }

    @Test
    void anIdThatItDoesNotKnowIsNoneAndIsNotAskedForAgainSoon() {
        assertThat(registry.find(8)).isEmpty();
        assertThat(registry.find(8)).isEmpty();
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void whatASchemaRefersToIsReadFirstAndOnce() {
        String money = "{\\\"type\\\": \\\"record\\\", \\\"name\\\": \\\"Money\\\", \\\"fields\\\": []}";
        String fields =
                "[{\\\"name\\\": \\\"a\\\", \\\"type\\\": \\\"Money\\\"}, {\\\"name\\\": \\\"b\\\", \\\"type\\\": \\\"Money\\\"}]";
        server.put("/subjects/money/versions/2", "{\"schema\": \"" + money + "\"}");
        server.put("/schemas/ids/1", """
                {"schema": "{\\"type\\": \\"record\\", \\"name\\": \\"Order\\", \\"fields\\": %s}",
                 "references": [{"name": "Money", "subject": "money", "version": 2},
                                {"name": "Money", "subject": "money", "version": 2}]}""".formatted(fields));
        assertThat(registry.find(1).orElseThrow().getField("b").schema().getName())
                .isEqualTo("Money");
        assertThat(server.asked).containsExactly("/schemas/ids/1", "/subjects/money/versions/2");
    }

    @Test
    void whatIsNoAvroSchemaIsTold() throws Exception {
        server.put("/schemas/ids/2", "{\"schemaType\": \"PROTOBUF\", \"schema\": \"syntax\"}");
        server.schema(3, "{");
        assertThatThrownBy(() -> registry.find(2)).isInstanceOf(AvroRuntimeException.class);
        assertThatThrownBy(() -> registry.find(3)).isInstanceOf(AvroRuntimeException.class);
    }

    @Test
    void onlyARegistryCanSayThatThereIsNone() {
        server.put("/schemas/ids/4", "<html>a proxy</html>");
        assertThatThrownBy(() -> registry.find(4))
                .isInstanceOf(SchemaUnavailableException.class)
                .hasMessageEndingWith("answers 200 to /schemas/ids/4 (expected: a registry with Confluent's API)");
    }

    @Test
    void aRegistryThatIsDownSaysNothingAboutTheId() throws Exception {
        server.schema(7, "\"string\"");
        server.isDown = true;
        assertThatThrownBy(() -> registry.find(7))
                .isInstanceOf(SchemaUnavailableException.class)
                .hasMessageContaining("answers 503");
        server.isDown = false;
        assertThat(registry.find(7)).isPresent();
        server.close();
        assertThatThrownBy(() -> registry.find(9))
                .isInstanceOf(SchemaUnavailableException.class)
                .hasMessageContaining("does not answer");
    }

    @Test
    void aRegistryThatTakesTheRequestAndSaysNothingIsNotWaitedForForEver() throws Exception {
        server.schema(7, "\"string\"");
        server.isSilent = true;
        assertThatThrownBy(() -> registry.find(7))
                .isInstanceOf(SchemaUnavailableException.class)
                .hasMessageEndingWith("does not answer, request timed out (expected: an answer within 5 s)");
        server.isSilent = false;
        assertThat(registry.find(7)).isPresent();
    }

    /** As Apicurio 3.3.3 has answered at {@code /apis/ccompat/v7}. */
    @Test
    void understandsApicurio() {
        server.put("/schemas/ids/3", """
                {"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"Order\\",\\"namespace\\":\\"shop\\",\\"fields\\":[\
                {\\"name\\":\\"user\\",\\"type\\":\\"string\\"},{\\"name\\":\\"price\\",\\"type\\":\\"shop.Money\\"}]}",\
                "references":[{"name":"shop.Money","subject":"base","version":1}]}""");
        server.put("/subjects/base/versions/1", """
                {"subject":"base","version":1,"id":2,"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"Money\\",\
                \\"namespace\\":\\"shop\\",\\"fields\\":[{\\"name\\":\\"eur\\",\\"type\\":\\"double\\"}]}"}""");
        Schema order = registry.find(3).orElseThrow();
        assertThat(order.getFullName()).isEqualTo("shop.Order");
        assertThat(order.getField("price").schema().getField("eur").schema().getType())
                .isEqualTo(Schema.Type.DOUBLE);
        assertThat(registry.find(99)).isEmpty();
    }
}
