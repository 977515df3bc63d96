package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.record.ExampleKind;
import io.millrace.record.Name;
import java.io.File;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;

class RecordTrustTest {
    @Test
    void vouchesForOurRecordsAndEnumsOnceARecordIsMade() {
        new Name(1L, "user", "7").getSpecificData();
        assertThatCode(() -> ClassSecurityValidator.validate(Name.class)).doesNotThrowAnyException();
        assertThatCode(() -> ClassSecurityValidator.validate(ExampleKind.class)).doesNotThrowAnyException();
    }

    @Test
    void vouchesForNothingElse() {
        new Name(1L, "user", "7").getSpecificData();
        assertThatThrownBy(() -> ClassSecurityValidator.validate(File.class)).isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> ClassSecurityValidator.validate(Codec.class)).isInstanceOf(SecurityException.class);
    }
}
