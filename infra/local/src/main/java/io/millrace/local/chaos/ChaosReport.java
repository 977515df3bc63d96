package io.millrace.local.chaos;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * What came of a run. Times are in milliseconds.
 *
 * @param decisions answered
 * @param acknowledged pieces of feedback
 * @param sentAgain of these, how many had to be sent more than once
 * @param lost acknowledged, and not in the log
 * @param withoutEffect acknowledged, in the log, their decision, too, and without an outcome
 * @param undecided acknowledged, of a decision that serving gave and could not log
 * @param duplicatedInLog acknowledged feedback that is in the log more often than it was sent, or has two outcomes
 * @param learnedTwice examples that are in the log more than once
 * @param digestEqual whether every published version is what the log gives
 * @param versions that were compared
 * @param faults that happened, by kind
 * @param unavailable time in which a thing was asked for and never given, by part
 * @param recovery from a process's end, or its going on, until it did its work again, by process
 * @param rank time of a decision, the first try to the answer
 */
@JsonPropertyOrder(alphabetic = false)
public record ChaosReport(
        long seed,
        int kills,
        long decisions,
        long acknowledged,
        @JsonProperty("sent_again") long sentAgain,
        long lost,
        @JsonProperty("without_effect") long withoutEffect,
        long undecided,
        @JsonProperty("duplicated_in_log") long duplicatedInLog,
        @JsonProperty("learned_twice") long learnedTwice,
        @JsonProperty("digest_equal") boolean digestEqual,
        long versions,
        Map<String, Integer> faults,
        @JsonProperty("unavailable_ms") Map<String, Long> unavailable,
        @JsonProperty("recovery_ms") Map<String, Recoveries.Figures> recovery,
        @JsonProperty("rank_ms") Rank rank,
        @JsonProperty("wall_s") double wallSeconds,
        @JsonProperty("first_difference") String firstDifference) {
    /**
     * @param ratio of the 99th percentiles
     */
    public record Rank(
            @JsonProperty("calm_p50") double calmP50,
            @JsonProperty("calm_p99") double calmP99,
            @JsonProperty("chaos_p50") double chaosP50,
            @JsonProperty("chaos_p99") double chaosP99,
            double ratio) {}

    /** Whether the run shows what it was to show. */
    @JsonIgnore
    public boolean holds() {
        return lost == 0 && withoutEffect == 0 && duplicatedInLog == 0 && learnedTwice == 0 && digestEqual;
    }
}
