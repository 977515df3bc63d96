package io.millrace.ingestion.collect;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the requests in flight and the bytes that their bodies hold. Safe for use by several threads. */
final class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** Room for a request with a body of that size, or nothing. The ticket is to be given back. */
    Optional<Ticket> admit(long size) {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return Optional.empty();
        }
        if (bytes.addAndGet(size) > maxBytes) {
            bytes.addAndGet(-size);
            requests.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Ticket(size));
    }

    int inFlight() {
        return requests.get();
    }

    /** The room of one request; used by one thread at a time. */
    final class Ticket {
        private long size;

        private Ticket(long size) {
            this.size = size;
        }

        /** Gives back what the body turned out not to need. */
        void shrinkTo(long actual) {
            if (actual < size) {
                bytes.addAndGet(actual - size);
                size = actual;
            }
        }

        void giveBack() {
            bytes.addAndGet(-size);
            requests.decrementAndGet();
        }
    }
}
