package io.millrace.features.spec;

import io.millrace.wire.Problem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads how far back an aggregate looks. */
final class HorizonReader {
    private static final int TILES = 30;
    private static final int MOST_TILES = 1000;
    /** A weight of 2^-50 is below what a sum in double precision shows. */
    private static final int HALF_LIVES = 50;

    private final Section section;

    HorizonReader(Section section) {
        this.section = section;
    }

    Horizon read(AggregateFunction function) {
        Optional<Duration> window = section.given(Settings.AGGREGATE_WINDOW);
        Optional<Duration> halfLife = section.given(Settings.AGGREGATE_HALF_LIFE);
        boolean isWindow = section.has(Settings.AGGREGATE_WINDOW.key());
        if (isWindow && halfLife.isPresent()) {
            report(Settings.AGGREGATE_HALF_LIFE, Units.show(halfLife.get()), "not both, half_life and window");
        }
        if (halfLife.isPresent() && !function.decays()) {
            report(
                    Settings.AGGREGATE_HALF_LIFE,
                    Units.show(halfLife.get()),
                    "no half_life with " + function.text() + ": a window, or neither");
        }
        Optional<Duration> tile = section.given(Settings.AGGREGATE_TILE);
        if (tile.isPresent() && !isWindow) {
            report(Settings.AGGREGATE_TILE, Units.show(tile.get()), "only with a window");
        }
        if (window.isPresent()) {
            return new Horizon.Window(window.get(), tile(window.get(), tile));
        }
        return halfLife.<Horizon>map(Horizon.Decay::new).orElseGet(Horizon.Ever::new);
    }

    private Duration tile(Duration window, Optional<Duration> given) {
        if (given.isEmpty()) {
            long micros = window.dividedBy(TILES).toNanos() / 1000;
            return Duration.of(Math.max(1, micros), ChronoUnit.MICROS);
        }
        Duration tile = given.get();
        if (tile.compareTo(window) > 0 || tile.multipliedBy(MOST_TILES).compareTo(window) < 0) {
            report(
                    Settings.AGGREGATE_TILE,
                    Units.show(tile),
                    "at most the window, " + Units.show(window) + ", and at least a thousandth of it");
        }
        return tile;
    }

    /** When an entity without events is forgotten. */
    static @Nullable Duration ttl(Section section, Horizon horizon) {
        Optional<Duration> own = section.given(Settings.AGGREGATE_TTL);
        if (horizon instanceof Horizon.Decay decay && own.isEmpty()) {
            return decay.halfLife().multipliedBy(HALF_LIVES);
        }
        if (horizon instanceof Horizon.Window window
                && own.filter(ttl -> ttl.compareTo(window.length()) < 0).isPresent()) {
            new HorizonReader(section)
                    .report(
                            Settings.AGGREGATE_TTL,
                            Units.show(own.get()),
                            "at least the window, " + Units.show(window.length()));
        }
        return own.orElse(null);
    }

    private void report(Setting<?> setting, String value, String expected) {
        section.report(section.where(setting.key()), new Problem(section.at(setting.key()), value, expected));
    }
}
