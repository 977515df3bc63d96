package io.millrace.local.consistency;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.record.Decision;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The decisions whose ids have the smallest hashes: a uniform sample of so many, however many there are, and the same every time. */
final class DecisionSample {
    private static final Hasher64 HASHER = Hashing.xxh3_64(0x636f6e73697374L);

    private record Hashed(long hash, Decision decision) {}

    private final int most;
    private final PriorityQueue<Hashed> smallest =
            new PriorityQueue<>(Comparator.comparingLong(Hashed::hash).reversed());
    private long offered;

    DecisionSample(int most) {
        this.most = most;
    }

    void offer(Decision decision) {
        offered++;
        smallest.add(new Hashed(HASHER.hashBytesToLong(decision.getId().getBytes(StandardCharsets.UTF_8)), decision));
        if (smallest.size() > most) {
            smallest.remove();
        }
    }

    /** How many there were to choose from. */
    long offered() {
        return offered;
    }

    List<Decision> decisions() {
        return smallest.stream().map(Hashed::decision).toList();
    }
}
