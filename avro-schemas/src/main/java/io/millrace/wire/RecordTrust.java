package io.millrace.wire;

import org.apache.avro.Conversion;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Lets Avro instantiate the records and enums that were generated for Millrace: since 1.12.1 it refuses every class that
 * nobody vouched for, and a system property would have to be set in every process that ever reads a record.
 *
 * <p>Avro looks up conversions whenever it makes a data model, and every generated class makes one before anything else;
 * this one is found then, vouches once, and converts nothing.
 */
public final class RecordTrust extends Conversion<RecordTrust.Nothing> {
    private static final String ROOT_PACKAGE = "io.millrace.";

    static {
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(before, RecordTrust::isOurs));
    }

    /** The type of no value. */
    static final class Nothing {
        private Nothing() {}
    }

    /** For {@link java.util.ServiceLoader}. */
    public RecordTrust() {}

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith(ROOT_PACKAGE)
                && (type.isEnum() || SpecificRecord.class.isAssignableFrom(type));
    }

    @Override
    public Class<Nothing> getConvertedType() {
        return Nothing.class;
    }

    @Override
    public String getLogicalTypeName() {
        return "millrace-nothing";
    }
}
