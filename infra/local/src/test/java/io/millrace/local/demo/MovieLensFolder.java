package io.millrace.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes MovieLens folders of made-up ratings. */
final class MovieLensFolder {
    private MovieLensFolder() {}

    /** User u (from 1) rates {@code perUser[u - 1]} different movies out of {@code movies}. */
    static Path write(Path folder, long seed, int movies, int... perUser) throws IOException {
        Random random = new Random(seed);
        StringBuilder titles = new StringBuilder("movieId,title,genres\n");
        for (int movie = 1; movie <= movies; movie++) {
            titles.append(movie).append(",\"Movie, ").append(movie).append("\",");
            titles.append(movie % 7 == 0 ? "(no genres listed)" : "Drama|Genre" + movie % 5)
                    .append('\n');
        }
        StringBuilder ratings = new StringBuilder("userId,movieId,rating,timestamp\n");
        for (int user = 1; user <= perUser.length; user++) {
            int first = random.nextInt(movies);
            for (int i = 0; i < perUser[user - 1]; i++) {
                double stars = (1 + random.nextInt(10)) / 2.0;
                ratings.append(user + "," + (1 + (first + i) % movies) + "," + stars + ",9647\n");
            }
        }
        Files.writeString(folder.resolve("movies.csv"), titles);
        Files.writeString(folder.resolve("ratings.csv"), ratings);
        return folder;
    }
}
