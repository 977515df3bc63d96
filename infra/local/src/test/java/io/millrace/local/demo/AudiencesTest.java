package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingestion.table.DataException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AudiencesTest {
    @Test
    void opensWhatItHasDataFor() {
        assertThat(Audiences.FLIGHTS.open(Optional.empty(), 1).name()).isEqualTo("flights");
        assertThat(Audiences.SIMULATED.open(Optional.empty(), 1).limit()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void saysWhichDataIsMissing() {
        Path nowhere = Path.of("nowhere.csv");
        assertThatThrownBy(() -> Audiences.FLIGHTS.open(Optional.of(nowhere), 1))
                .isInstanceOf(DataException.class)
                .hasMessage("nowhere.csv: missing (expected: a file that can be read)");
        assertThatThrownBy(() -> Audiences.RATINGS.open(Optional.empty(), 1))
                .isInstanceOf(DataException.class)
                .hasMessage("--data: missing (expected: a MovieLens folder with ratings.csv and movies.csv)");
        assertThatThrownBy(() -> Audiences.SIMULATED.open(Optional.of(nowhere), 1))
                .isInstanceOf(DataException.class)
                .hasMessage("--data: nowhere.csv (expected: none: this audience is simulated)");
    }
}
