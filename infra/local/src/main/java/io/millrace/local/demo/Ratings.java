package io.millrace.local.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ratings of a MovieLens folder: who rated what how, and the movies' genres. Users are numbered in the order of their
 * first rating. Immutable.
 */
final class Ratings {
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
            throw DemoDataException.of(
                    folder.toString(),
                    Files.exists(folder) ? "not a folder" : "no such folder",
                    "a MovieLens folder with ratings.csv and movies.csv");
        }
        Map<String, Movie> movies = new HashMap<>();
        DataTable.read(folder.resolve("movies.csv"), List.of("movieId", "genres"), row -> {
            String genres = row.text(1);
            List<String> list = genres.equals(NO_GENRES) ? List.of() : Arrays.asList(genres.split("\\|", -1));
            movies.put(row.text(0), new Movie(row.text(0), List.copyOf(list)));
        });
        Map<String, Map<Movie, Rating>> byUser = new LinkedHashMap<>();
        DataTable.read(folder.resolve("ratings.csv"), List.of("userId", "movieId", "rating"), row -> {
            Movie movie = movies.get(row.text(1));
            if (movie == null) {
                throw row.bad(1, "a movie of movies.csv");
            }
            byUser.computeIfAbsent(row.text(0), user -> new LinkedHashMap<>())
                    .put(movie, new Rating(movie, row.number(2, 0, MOST_STARS)));
        });
        List<User> users = new ArrayList<>(byUser.size());
        byUser.forEach((user, ratings) -> users.add(new User(user, List.copyOf(ratings.values()))));
        return new Ratings(users);
    }

    List<User> users() {
        return users;
    }
}
