package io.millrace.trainer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.record.Example;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.trainer.learn.ShardLearner;
import io.millrace.trainer.snapshot.WeightDelta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardAuditTest {
    private static final String FTRL = "{learner: ftrl, loss: logistic, bits: 10, seed: 7}";
    private static final String WRONG = "00000000deadbeef";

    private final TestingLog log = new TestingLog(FTRL, 200, 1);

    @ParameterizedTest
    @ValueSource(
            strings = {
                FTRL,
                "{learner: auto, loss: logistic, bits: 10}",
                "{learner: coin, loss: squared, bits: 10}",
                "{learner: deep, loss: logistic, bits: 8}"
            })
    void anUntouchedLogGivesEveryVersion(String model) {
        TestingLog any = new TestingLog(model, 200, 2);
        List<WeightDelta> versions = any.versions(7);
        ShardFindings found = any.audit(TestingLog.published(versions));
        WeightDelta last = versions.get(versions.size() - 1);
        assertThat(found.differences()).isEmpty();
        assertThat(found.isEqual()).isTrue();
        assertThat(found.versions()).isEqualTo(29);
        assertThat(found.records()).isEqualTo(200);
        assertThat(found.examples()).isEqualTo(last.examples());
        assertThat(found.offset()).isEqualTo(last.to());
        assertThat(found.digest()).isEqualTo(last.digest());
    }

    @Test
    void othersCutsOfTheSameLogAreEqualAndSoIsWhatIsNoExample() {
        log.put(40, "garbage".getBytes(StandardCharsets.UTF_8));
        PublishedVersions published = TestingLog.published(log.versions(7));
        // A trainer that was restored at version 77 publishes again from there, with other cuts.
        WeightDelta restored = log.versions(7).get(9);
        log.versions(9).stream()
                .filter(version -> version.to() > restored.to())
                .forEach(version -> published.addDelta(
                        Math.max(version.from(), restored.to()),
                        version.to(),
                        version.digest(),
                        version.examples(),
                        0,
                        1000 + version.to()));
        ShardFindings found = log.audit(published);
        assertThat(found.differences()).isEmpty();
        assertThat(found.rejected()).isEqualTo(1);
        assertThat(found.examples()).isEqualTo(199);
    }

    @Test
    void whereTheBeginningIsGoneEveryVersionSinceABaseIsCompared() {
        List<WeightDelta> versions = log.versions(7);
        long begin = versions.get(9).to();
        ShardFindings whole = log.audit(TestingLog.published(versions));
        ShardFindings found = log.auditFrom(begin, TestingLog.published(versions));
        assertThat(found.differences()).isEmpty();
        assertThat(found.versions()).isEqualTo(whole.versions() - 9);
        assertThat(found.publications()).isEqualTo(whole.publications() - 9);
        assertThat(found.records()).isEqualTo(130);
        assertThat(found.digest()).isEqualTo(whole.digest());

        Example changed = log.at(150);
        changed.setReward(changed.getReward() + 1);
        log.put(150, changed);
        Difference difference =
                log.auditFrom(begin, TestingLog.published(versions)).first().orElseThrow();
        assertThat(difference.offset()).isGreaterThan(150);
        assertThat(difference.kind()).isEqualTo(Kind.DIGEST);
    }

    @Test
    void aChangedExampleIsFoundBetweenTheLastVersionThatAgreesAndTheFirstThatDoesNot() {
        List<WeightDelta> versions = log.versions(10);
        Example changed = log.at(100);
        changed.setReward(changed.getReward() + 1);
        log.put(100, changed);
        ShardFindings found = log.audit(TestingLog.published(versions));
        WeightDelta before = lastUpTo(versions, 100);
        WeightDelta first = versions.get(versions.indexOf(before) + 1);
        Difference difference = found.first().orElseThrow();
        assertThat(difference.kind()).isEqualTo(Kind.DIGEST);
        assertThat(difference.offset()).isEqualTo(first.to());
        assertThat(difference.found()).isEqualTo(first.digest());
        assertThat(difference.text())
                .contains("last version that agrees is " + before.to())
                .contains("from offset " + before.to() + " to " + (first.to() - 1));
        assertThat(found.isEqual()).isFalse();
    }

    @Test
    void aWrongDigestAmongRightOnesIsThePublishedRecordsFault() {
        List<WeightDelta> versions = log.versions(10);
        PublishedVersions published = new PublishedVersions();
        for (int i = 0; i < versions.size(); i++) {
            WeightDelta version = versions.get(i);
            published.addDelta(
                    version.from(), version.to(), i == 5 ? WRONG : version.digest(), version.examples(), 0, i);
        }
        ShardFindings found = log.audit(published);
        assertThat(found.differing()).isEqualTo(1);
        Difference difference = found.first().orElseThrow();
        assertThat(difference)
                .extracting(Difference::kind, Difference::offset, Difference::expected, Difference::found)
                .containsExactly(
                        Kind.DIGEST, versions.get(5).to(), versions.get(5).digest(), WRONG);
        assertThat(difference.text()).contains("delta at offset 5 of model-updates-0", "Versions after it agree again");
    }

    @Test
    void twoPublicationsOfAVersionMustAgree() {
        List<WeightDelta> versions = log.versions(10);
        PublishedVersions published = TestingLog.published(versions);
        WeightDelta again = versions.get(3);
        published.addDelta(again.from(), again.to(), WRONG, again.examples(), 0, 99);
        ShardFindings found = log.audit(published);
        assertThat(found.differing()).isEqualTo(1);
        assertThat(found.first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.DISAGREEING, again.to());
    }

    @Test
    void aWrongNumberOfExamplesIsFound() {
        List<WeightDelta> versions = log.versions(10);
        PublishedVersions published = TestingLog.published(versions);
        WeightDelta last = versions.get(versions.size() - 1);
        published.addDelta(last.from(), last.to(), last.digest(), last.examples() + 1, 0, 99);
        assertThat(log.audit(published).first().orElseThrow())
                .extracting(Difference::kind, Difference::offset, Difference::expected, Difference::found)
                .containsExactly(Kind.EXAMPLES, last.to(), "200", "201");
    }

    @Test
    void aMissingDeltaLeavesAGap() {
        List<WeightDelta> versions = new ArrayList<>(log.versions(10));
        WeightDelta missing = versions.remove(4);
        ShardFindings found = log.audit(TestingLog.published(versions));
        assertThat(found.differing()).isEqualTo(1);
        assertThat(found.first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.MISSING_VERSION, versions.get(4).to());
        assertThat(found.first().orElseThrow().text()).contains("from version " + missing.to());
    }

    @Test
    void aBaseBridgesAGapAndRetentionIsNone() {
        List<WeightDelta> versions = new ArrayList<>(log.versions(10));
        WeightDelta missing = versions.remove(4);
        PublishedVersions bridged = TestingLog.published(versions);
        bridged.addBase(missing.to(), missing.digest(), 0, 1);
        assertThat(log.audit(bridged).differences()).isEmpty();

        List<WeightDelta> kept = versions.subList(6, versions.size());
        assertThat(log.audit(TestingLog.published(kept), false).differences()).isEmpty();
        assertThat(log.audit(TestingLog.published(kept), true)
                        .first()
                        .orElseThrow()
                        .kind())
                .isEqualTo(Kind.MISSING_VERSION);
    }

    @Test
    void aVersionBeyondTheLogIsFound() {
        PublishedVersions published = TestingLog.published(log.versions(10));
        long last = published.last();
        published.addDelta(last, log.end() + 50, WRONG, 250, 0, 99);
        assertThat(log.audit(published).first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.BEYOND_LOG, log.end() + 50);
    }

    @Test
    void aVersionAtWhichNoExampleEndsIsFound() {
        PublishedVersions published = TestingLog.published(log.versions(10));
        // Offset 10 is a transaction's marker, so that no version ends behind it.
        published.addDelta(0, 11, WRONG, 10, 0, 99);
        assertThat(log.audit(published).first().orElseThrow())
                .extracting(Difference::kind, Difference::offset)
                .containsExactly(Kind.NO_SUCH_VERSION, 11L);
    }

    @Test
    void basesAndFilesAreComparedToo() {
        List<WeightDelta> versions = log.versions(10);
        WeightDelta version = versions.get(8);
        PublishedVersions published = TestingLog.published(versions);
        published.addBase(0, "0000000000000000", 0, 0);
        published.addBase(version.to(), version.digest(), 0, 1);
        published.addFile(version.to(), WRONG, version.examples(), "000.base");
        ShardFindings found = log.audit(published);
        assertThat(found.differing()).isEqualTo(1);
        assertThat(found.first().orElseThrow().text()).contains("file 000.base", WRONG);
    }

    @Test
    void whatWasFoundBeforeIsAmongTheDifferencesInOrder() {
        PublishedVersions published = TestingLog.published(log.versions(10));
        published.addDelta(0, 11, WRONG, 10, 0, 99);
        try (ShardLearner learner = log.learner()) {
            ShardAudit audit = new ShardAudit(learner, TestingLog.feed(), published, true, TestingLog.NAME);
            audit.add(new Difference(Kind.FILE, 5, "a sound file", "damaged", "it is damaged"));
            assertThat(audit.isDone()).isFalse();
            ShardFindings found = audit.end(0);
            assertThat(found.isEqual()).isFalse();
            assertThat(found.first().orElseThrow().kind()).isEqualTo(Kind.FILE);
        }
    }

    private static WeightDelta lastUpTo(List<WeightDelta> versions, long offset) {
        return versions.stream()
                .filter(version -> version.to() <= offset)
                .reduce((a, b) -> b)
                .orElseThrow();
    }
}
