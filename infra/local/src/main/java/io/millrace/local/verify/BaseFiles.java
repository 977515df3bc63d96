package io.millrace.local.verify;

import io.millrace.record.Manifest;
import io.millrace.record.ShardBase;
import io.millrace.trainer.audit.Difference;
import io.millrace.trainer.audit.Difference.Kind;
import io.millrace.trainer.audit.PublishedVersions;
import io.millrace.trainer.snapshot.BaseName;
import io.millrace.trainer.snapshot.BaseSnapshot;
import io.millrace.trainer.snapshot.MalformedSnapshotException;
import io.millrace.trainer.snapshot.SnapshotStore;
import io.millrace.trainer.state.SnapshotHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The base files of a shard: each must be sound (its own checksum and its content's digest), be the one that manifests name, and
 * hold the version that it is called after, which the audit then compares with what the log gives.
 */
final class BaseFiles {
    private final SnapshotStore store;
    private final KnownLineage lineage;
    private final int shard;
    private final Consumer<Difference> differences;

    BaseFiles(SnapshotStore store, KnownLineage lineage, int shard, Consumer<Difference> differences) {
        this.store = store;
        this.lineage = lineage;
        this.shard = shard;
        this.differences = differences;
    }

    /** Adds what the files hold to what was published; returns how many there are. */
    int addTo(PublishedVersions published) throws IOException {
        List<BaseName> names = store.list(lineage.model(), lineage.id(), shard);
        for (BaseName name : names) {
            add(name, published);
        }
        expectNewest(names);
        return names.size();
    }

    private void add(BaseName name, PublishedVersions published) throws IOException {
        String text = String.format("%020d.base", name.offset());
        ShardBase told = lineage.files(shard).get(name.offset());
        try (InputStream in = store.open(name)) {
            SnapshotHeader header = BaseSnapshot.read(in, told == null ? 0 : told.getChecksum(), new Nothing());
            if (header.getOffset() != name.offset()
                    || header.getShard() != shard
                    || !header.getLineage().equals(lineage.id())) {
                wrong(
                        name.offset(),
                        "version " + name.offset() + " of shard " + shard,
                        "version " + header.getOffset() + " of shard " + header.getShard() + " of lineage "
                                + header.getLineage(),
                        "base file " + text + " holds another version than its name says");
            }
            published.addFile(name.offset(), header.getDigest(), header.getExamples(), text);
        } catch (NoSuchFileException e) {
            // Deleted since it was listed, as old ones are.
        } catch (MalformedSnapshotException e) {
            wrong(
                    name.offset(),
                    "a sound file",
                    String.valueOf(e.getMessage()),
                    "base file " + text + " is damaged: " + e.getMessage());
        }
    }

    /** What boots from the newest manifest needs its file. */
    private void expectNewest(List<BaseName> names) {
        Manifest newest = lineage.newest();
        (newest == null ? Stream.<ShardBase>empty() : newest.getBases().stream())
                .filter(base -> base.getShard() == shard && base.getUri() != null)
                .filter(base -> names.stream().noneMatch(name -> name.offset() == base.getOffset()))
                .forEach(base -> wrong(
                        base.getOffset(),
                        String.valueOf(base.getUri()),
                        "no such file",
                        "the newest manifest names a base file that is not there: " + base.getUri()));
    }

    private void wrong(long offset, String expected, String found, String text) {
        differences.accept(new Difference(Kind.FILE, offset, expected, found, text));
    }

    private static final class Nothing implements BaseSnapshot.Rows {
        @Override
        public void begin(SnapshotHeader header) {}

        @Override
        public void block(int number, float[] rows) {}
    }
}
