package io.millrace.local.demo;

import io.millrace.ingestion.table.DataException;
import io.millrace.ingestion.table.Row;
import io.millrace.ingestion.table.Table;
import io.millrace.wire.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The ratings of a MovieLens folder: who rated what how, and the movies' genres. Users are numbered in the order of their
 * first rating. Immutable.
 */
final class Ratings {
    /** What {@link #read} expects. */
    static final String FOLDER = "a MovieLens folder with ratings.csv and movies.csv";

    private static final String USER = "userId";
    private static final String MOVIE = "movieId";
    private static final String STARS = "rating";
    private static final String GENRES = "genres";
    private static final String NO_GENRES = "(no genres listed)";
    private static final double MOST_STARS = 5;

    /** One rating; the stars are those of the file. */
    record Rating(Movie movie, double stars) {}

    record Movie(String id, List<String> genres) {}

    /** A user's ratings, in the order of the file; a movie rated twice is there once, as rated last. */
    record User(String id, List<Rating> ratings) {}

    private final List<User> users;

    private Ratings(List<User> users) {
        this.users = List.copyOf(users);
    }

    /** Reads {@code ratings.csv} and {@code movies.csv} of a folder. */
    static Ratings read(Path folder) {
        if (!Files.isDirectory(folder)) {
            String found = Files.exists(folder) ? "not a folder" : "no such folder";
            throw new DataException(new Problem(folder.toString(), found, FOLDER));
        }
        Map<String, Movie> movies = new HashMap<>();
        read(folder.resolve("movies.csv"), List.of(MOVIE, GENRES), row -> {
            List<String> genres = row.text(GENRES).equals(NO_GENRES) ? List.of() : row.list(GENRES, "|");
            movies.put(row.text(MOVIE), new Movie(row.text(MOVIE), genres));
        });
        Map<String, Map<Movie, Rating>> byUser = new LinkedHashMap<>();
        read(folder.resolve("ratings.csv"), List.of(USER, MOVIE, STARS), row -> {
            Movie movie = movies.get(row.text(MOVIE));
            if (movie == null) {
                throw row.wrong(MOVIE, row.text(MOVIE), "a movie of movies.csv");
            }
            byUser.computeIfAbsent(row.text(USER), user -> new LinkedHashMap<>())
                    .put(movie, new Rating(movie, row.number(STARS, 0, MOST_STARS)));
        });
        List<User> users = new ArrayList<>(byUser.size());
        byUser.forEach((user, ratings) -> users.add(new User(user, List.copyOf(ratings.values()))));
        return new Ratings(users);
    }

    private static void read(Path file, List<String> columns, Consumer<Row> rows) {
        try (Table table = Table.open(file)) {
            table.require(columns);
            table.forEach(rows);
        }
    }

    List<User> users() {
        return users;
    }
}
