package io.millrace.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.features.job.AggregateJob;
import io.millrace.local.JobIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @TempDir
    private Path data;

    private Path path;
    private Path checkpoints;
    private Path own;

    @BeforeEach
    void name() {
        path = data.resolve("backfill");
        checkpoints = data.resolve("checkpoints");
        own = checkpoints.resolve(JobIds.of(AggregateJob.NAME).toHexString());
    }

    private WorkDirectory open() throws IOException {
        return WorkDirectory.open(path, checkpoints);
    }

    private static Path checkpoint(Path directory, String content) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("_metadata"), content);
        return directory;
    }

    private static String content(Path directory) throws IOException {
        return Files.readString(directory.resolve("_metadata"));
    }

    private WorkDirectory publishing() throws IOException {
        WorkDirectory work = open();
        work.begin();
        work.publishing();
        return work;
    }

    @Test
    void whatIsInstalledReplacesWhatWasThereWhichIsKept() throws Exception {
        checkpoint(own.resolve("chk-7"), "before");
        checkpoint(path.resolve("replaced").resolve("chk-3"), "long before");
        WorkDirectory work = publishing();
        assertThat(work.unfinished()).isNotNull();
        work.install(checkpoint(path.resolve("state").resolve("savepoint"), "new"));
        work.end();
        assertThat(content(own.resolve("chk-1"))).isEqualTo("new");
        assertThat(own.resolve("chk-7")).doesNotExist();
        assertThat(content(path.resolve("replaced").resolve("chk-7"))).isEqualTo("before");
        assertThat(path.resolve("replaced").resolve("chk-3")).doesNotExist();
        assertThat(open().unfinished()).isNull();
    }

    @Test
    void whatWasCutShortBetweenTheTwoMovesIsFinished() throws Exception {
        publishing();
        checkpoint(path.resolve("replaced").resolve("chk-7"), "before");
        checkpoint(path.resolve("incoming").resolve("chk-1"), "new");
        WorkDirectory work = open();
        assertThat(content(own.resolve("chk-1"))).isEqualTo("new");
        assertThat(work.unfinished()).isNull();
        work.begin();
        assertThat(content(path.resolve("replaced").resolve("chk-7"))).isEqualTo("before");
    }

    @Test
    void whatWasCutShortBeforeItsStateWasWholeIsToldUntilOneIsInPlace() throws Exception {
        checkpoint(own.resolve("chk-7"), "before");
        publishing();
        Files.createDirectories(path.resolve("incoming").resolve("chk-1"));
        assertThat(content(own.resolve("chk-7"))).isEqualTo("before");
        open().begin();
        assertThat(open().unfinished())
                .hasToString(path.resolve("unfinished")
                        + ": a backfill that published values was cut short before its state counts"
                        + " (expected: none; run 'millrace backfill' again)");
    }

    @Test
    void whatWasReplacedIsKeptWhereNothingElseIsThere() throws Exception {
        checkpoint(path.resolve("replaced").resolve("chk-7"), "before");
        WorkDirectory work = publishing();
        work.install(checkpoint(path.resolve("state").resolve("savepoint"), "new"));
        assertThat(content(path.resolve("replaced").resolve("chk-7"))).isEqualTo("before");
        assertThat(content(own.resolve("chk-1"))).isEqualTo("new");
    }
}
