package io.millrace.features.spec;

import io.millrace.wire.Problem;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
        boolean isWindow = section.has(Settings.AGGREGATE_WINDOW.key());
        boolean isDecay = section.has(Settings.AGGREGATE_HALF_LIFE.key());
        Duration window = section.value(Settings.AGGREGATE_WINDOW);
        Duration halfLife = section.value(Settings.AGGREGATE_HALF_LIFE);
        if (isWindow && isDecay) {
            report(Settings.AGGREGATE_HALF_LIFE, Units.show(halfLife), "not both, half_life and window");
        }
        if (isDecay && !function.decays()) {
            report(
                    Settings.AGGREGATE_HALF_LIFE,
                    Units.show(halfLife),
                    "no half_life with " + function.text() + ": a window, or neither");
        }
        Duration tile = tile(window, isWindow);
        if (isWindow) {
            return new Horizon.Window(window, tile);
        }
        return isDecay ? new Horizon.Decay(halfLife) : new Horizon.Ever();
    }

    private Duration tile(Duration window, boolean isWindow) {
        if (!section.has(Settings.AGGREGATE_TILE.key())) {
            long micros = window.dividedBy(TILES).toNanos() / 1000;
            return Duration.of(Math.max(1, micros), ChronoUnit.MICROS);
        }
        Duration tile = section.value(Settings.AGGREGATE_TILE);
        if (!isWindow) {
            report(Settings.AGGREGATE_TILE, Units.show(tile), "only with a window");
        } else if (section.isSound(Settings.AGGREGATE_TILE)
                && section.isSound(Settings.AGGREGATE_WINDOW)
                && (tile.compareTo(window) > 0 || tile.multipliedBy(MOST_TILES).compareTo(window) < 0)) {
            report(
                    Settings.AGGREGATE_TILE,
                    Units.show(tile),
                    "at most the window, " + Units.show(window) + ", and at least a thousandth of it");
        }
        return tile;
    }

    /** When an entity without events is forgotten. */
    static @Nullable Duration ttl(Section section, Horizon horizon) {
        @Nullable Duration own = null;
        if (section.has(Settings.AGGREGATE_TTL.key())) {
            own = section.value(Settings.AGGREGATE_TTL);
        }
        if (horizon instanceof Horizon.Decay decay && own == null) {
            return decay.halfLife().multipliedBy(HALF_LIVES);
        }
        if (horizon instanceof Horizon.Window window
                && own != null
                && section.isSound(Settings.AGGREGATE_TTL)
                && own.compareTo(window.length()) < 0) {
            new HorizonReader(section)
                    .report(
                            Settings.AGGREGATE_TTL,
                            Units.show(own),
                            "at least the window, " + Units.show(window.length()));
        }
        return own;
    }

    private void report(Setting<?> setting, String value, String expected) {
        section.report(section.where(setting.key()), new Problem(section.at(setting.key()), value, expected));
    }
}
