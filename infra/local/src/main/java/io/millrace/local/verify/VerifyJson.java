package io.millrace.local.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.local.verify.VerifyReport.OfFeedback;
import io.millrace.local.verify.VerifyReport.OfLineage;
import io.millrace.local.verify.VerifyReport.OfLog;
import io.millrace.local.verify.VerifyReport.OfShard;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.ShardFindings;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A report for programs. */
final class VerifyJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private VerifyJson() {}

    static String of(VerifyReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("equal", report.isEqual());
        boolean digests = report.lineages().stream().allMatch(OfLineage::isEqual);
        root.put("digest_equal", digests);
        Optional<OfFeedback> feedback = report.feedback();
        put(root, "lost", feedback.map(found -> found.totals().lost()).orElse(null));
        put(
                root,
                "duplicated_in_log",
                feedback.map(found -> found.totals().duplicated()).orElse(null));
        put(
                root,
                "effect_twice",
                feedback.map(found -> found.totals().effectTwice()).orElse(null));
        root.put("learned_twice", report.log().repeated());
        root.put("seconds", report.seconds());
        report.lineages().forEach(lineage -> lineage(root.withArray("lineages").addObject(), lineage));
        log(root.putObject("examples"), report.log());
        feedback.ifPresent(found -> feedback(root.putObject("feedback"), found));
        root.put("unreadable", report.unreadable());
        root.put("damaged", report.damaged());
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void lineage(ObjectNode node, OfLineage lineage) {
        node.put("model", lineage.model());
        node.put("lineage", lineage.lineage());
        node.put("live", lineage.live());
        node.put("verified", lineage.notVerified().isEmpty());
        node.put("not_verified", lineage.notVerified().orElse(null));
        node.put("digest_equal", lineage.isEqual());
        node.put("other_platform", lineage.platform().isEmpty() ? null : lineage.platform());
        node.putArray("shards");
        lineage.shards().forEach(shard -> shard(node.withArray("shards").addObject(), shard));
    }

    private static void shard(ObjectNode node, OfShard shard) {
        ShardFindings found = shard.findings();
        node.put("shard", shard.shard());
        node.put("from", shard.from());
        node.put("versions", found.versions());
        node.put("publications", found.publications());
        put(node, "base_files", shard.files() < 0 ? null : (long) shard.files());
        node.put("records", found.records());
        node.put("examples", found.examples());
        node.put("rejected", found.rejected());
        node.put("passed_over", found.passedOver());
        node.put("version", found.offset());
        node.put("digest", found.digest());
        put(node, "newest_published", shard.newest() < 0 ? null : shard.newest());
        node.put("digest_equal", found.isEqual());
        node.put("differences", found.differing());
        difference(node, found.first());
        node.put("seconds", shard.seconds());
    }

    private static void log(ObjectNode node, OfLog log) {
        node.put("originals", log.originals());
        node.put("corrections", log.corrections());
        node.put("learned_twice", log.repeated());
        node.put("baseless_corrections", log.baseless());
        node.put("erasures", log.erasures());
        node.put("not_examples", log.notExamples());
        node.put("uncommitted", log.open());
        difference(node, log.first());
    }

    private static void feedback(ObjectNode node, OfFeedback feedback) {
        node.put("acknowledged", feedback.totals().acknowledged());
        node.put("in_log", feedback.logged());
        node.put("from_the_beginning", feedback.fromTheBeginning());
        node.put("lost", feedback.totals().lost());
        node.put("duplicated_in_log", feedback.totals().duplicated());
        node.put("effect_twice", feedback.totals().effectTwice());
        feedback.lost().forEach(node.putArray("some_lost")::add);
        feedback.duplicated().forEach(node.putArray("some_duplicated_in_log")::add);
        feedback.effectTwice().forEach(node.putArray("some_effect_twice")::add);
    }

    private static void difference(ObjectNode node, Optional<Difference> first) {
        if (first.isEmpty()) {
            node.putNull("first_difference");
            return;
        }
        Difference told = first.get();
        node.putObject("first_difference")
                .put("kind", told.kind().name().toLowerCase(Locale.ROOT))
                .put("offset", told.offset())
                .put("expected", told.expected())
                .put("found", told.found())
                .put("text", told.text());
    }

    private static void put(ObjectNode node, String name, @Nullable Long value) {
        if (value == null) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }
}
