package io.millrace.trainer.job;

import io.millrace.record.Erasure;
import io.millrace.record.Example;
import io.millrace.trainer.learn.RecordFeed;
import io.millrace.wire.Codec;
import io.millrace.wire.MalformedRecordException;
import io.millrace.wire.kafka.RecordDecoder;
import org.apache.avro.specific.SpecificRecord;

/** Decodes what may stand in the topic {@code examples}, whichever version wrote it. Not thread-safe. */
public final class LogDecoder implements RecordFeed.Fallback {
    private final RecordDecoder decoder;
    private final Codec<Example> examples;
    private final Codec<Erasure> erasures;

    /** @param decoder stays the caller's to close */
    public LogDecoder(RecordDecoder decoder) {
        this.decoder = decoder;
        this.examples = decoder.codec(Example.class);
        this.erasures = decoder.codec(Erasure.class);
    }

    @Override
    public SpecificRecord decode(byte[] record) {
        try {
            return decoder.decode(examples, record);
        } catch (MalformedRecordException noExample) {
            try {
                return decoder.decode(erasures, record);
            } catch (MalformedRecordException e) {
                throw noExample;
            }
        }
    }
}
