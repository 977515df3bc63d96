package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

class TopicTest {
    @Test
    void hasSchemasThatReadThemselvesAndAreKnownByTheirFingerprint() {
        Schemas schemas = new Schemas();
        for (Topic topic : Topic.values()) {
            topic.schema().ifPresent(schema -> {
                assertThat(SchemaCompatibility.checkReaderWriterCompatibility(schema, schema)
                                .getType())
                        .as("%s", topic)
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
                assertThat(schemas.findByFingerprint(SchemaNormalization.parsingFingerprint64(schema)))
                        .as("%s", topic)
                        .isEqualTo(schema);
            });
        }
    }

    @Test
    void documentsEveryField() {
        for (Topic topic : Topic.values()) {
            topic.schema().ifPresent(schema -> {
                assertThat(schema.getDoc()).as("%s", topic).isNotBlank();
                schema.getFields()
                        .forEach(field -> assertThat(field.doc())
                                .as("%s.%s", topic, field.name())
                                .isNotBlank());
            });
        }
    }

    @Test
    void isFoundByItsName() {
        assertThat(Arrays.stream(Topic.values()).map(Topic::text)).doesNotHaveDuplicates();
        for (Topic topic : Topic.values()) {
            assertThat(Topic.of(topic.text())).contains(topic);
        }
        assertThat(Topic.of("Events")).isEmpty();
    }

    @Test
    void keepsTheTrainingLogForever() {
        assertThat(Topic.EXAMPLES.retention()).isEqualTo(Topic.Retention.FOREVER);
    }
}
