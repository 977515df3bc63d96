package io.millrace.local.demo;

import io.millrace.ingestion.table.DataException;
import io.millrace.wire.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The audiences that the demo knows, each with the pipeline spec that it comes with. */
public enum Audiences {
    /** Real flights; the data is optional, since a slice is built in. */
    FLIGHTS(FlightsAudience.NAME, 15_000) {
        @Override
        public Audience open(Optional<Path> data, long seed) {
            return new FlightsAudience(data.map(Flights::read).orElseGet(Flights::slice), seed);
        }
    },
    /** Real movie ratings, from a MovieLens folder that the user has. */
    RATINGS(RatingsAudience.NAME, 20_000) {
        @Override
        public Audience open(Optional<Path> data, long seed) {
            Path folder = data.orElseThrow(() -> new DataException(Problem.missing("--data", Ratings.FOLDER)));
            return new RatingsAudience(Ratings.read(folder), seed);
        }
    },
    /** Simulated people with a known taste that slowly drifts; needs no data. */
    SIMULATED(SimulatedAudience.NAME, 20_000) {
        @Override
        public Audience open(Optional<Path> data, long seed) {
            data.ifPresent(path -> {
                throw new DataException(new Problem("--data", path.toString(), "none: this audience is simulated"));
            });
            return new SimulatedAudience(seed, DEFAULT_DRIFT);
        }
    };

    /** Radians per 1,000 requests. */
    private static final double DEFAULT_DRIFT = 0.02;

    private final String text;
    private final long decisions;

    Audiences(String text, long decisions) {
        this.text = text;
        this.decisions = decisions;
    }

    /** How many decisions make a good show. */
    public long decisions() {
        return decisions;
    }

    /** The name that the command line uses. */
    public String text() {
        return text;
    }

    /**
     * Reads and checks all data first.
     *
     * @throws DataException if the data is missing or malformed
     */
    public abstract Audience open(Optional<Path> data, long seed);

    /** The text of the pipeline spec. */
    public String spec() {
        String name = "/demo/" + text + ".yaml";
        try (InputStream in = Audiences.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
