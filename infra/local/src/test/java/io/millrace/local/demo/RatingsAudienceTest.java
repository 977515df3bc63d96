package io.millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.ingestion.table.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatingsAudienceTest extends AudienceContract {
    @TempDir
    Path folder;

    @Override
    Audience open(long seed) throws IOException {
        return open(seed, 2000, 1500, 1000, 700, 800);
    }

    private Audience open(long seed, int movies, int... perUser) throws IOException {
        return new RatingsAudience(Ratings.read(MovieLensFolder.write(folder, 1, movies, perUser)), seed);
    }

    @Test
    void offersTenRatedMoviesAndShowsOneWithItsGenres() throws IOException {
        Request request = open(1).next().orElseThrow();
        assertThat(request.candidates()).hasSize(10);
        assertThat(request.slots()).isEqualTo(1);
        assertThat(request.context()).isEmpty();
        for (Map<String, Object> candidate : request.candidates()) {
            int movie = Integer.parseInt((String) candidate.get("item"));
            assertThat(candidate.get("genres"))
                    .isEqualTo(movie % 7 == 0 ? List.of() : List.of("Drama", "Genre" + movie % 5));
        }
    }

    @Test
    void neverOffersAPairThatWasShownOrMayBe() throws IOException {
        Audience audience = open(9, 200, 100, 120, 150);
        Random random = new Random(2);
        Set<String> shown = new HashSet<>();
        Deque<Request> inFlight = new ArrayDeque<>();
        long count = 0;
        for (Optional<Request> next = audience.next(); next.isPresent(); next = audience.next()) {
            Request request = next.get();
            count++;
            Set<String> distinct = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                String pair = request.subject() + "/" + request.item(i);
                assertThat(distinct.add(pair)).isTrue();
                assertThat(shown).doesNotContain(pair);
                assertThat(inFlight).noneMatch(other -> pairs(other).contains(pair));
            }
            inFlight.add(request);
            while (!audience.ready() || inFlight.size() > random.nextInt(30)) {
                Request answered = inFlight.removeFirst();
                String item = answered.item(random.nextInt(10));
                shown.add(answered.subject() + "/" + item);
                audience.shown(answered.number(), List.of(item));
            }
        }
        assertThat(count).isBetween(20L, audience.limit());
    }

    private static Set<String> pairs(Request request) {
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i < request.candidates().size(); i++) {
            pairs.add(request.subject() + "/" + request.item(i));
        }
        return pairs;
    }

    @Test
    void drawsUsersByTheirActivity() throws IOException {
        int[] perUser = {2000, 4000, 5, 6000};
        Audience audience = open(4, 6000, perUser);
        Map<String, Integer> drawn = new HashMap<>();
        int requests = 1500;
        run(audience, requests).forEach(request -> drawn.merge(request.subject(), 1, Integer::sum));
        assertThat(drawn).doesNotContainKey("3");
        double sum = Arrays.stream(perUser).sum() - 5;
        for (int user : new int[] {1, 2, 4}) {
            assertThat(drawn.get("" + user) / (double) requests)
                    .isCloseTo(perUser[user - 1] / sum, within(4 * 0.5 / Math.sqrt(requests)));
        }
    }

    @Test
    void likesWhatIsRatedFourAndAHalfOrMoreAndSaysSoAtOnce() throws IOException {
        Audience audience = open(6);
        Map<String, Boolean> liked = new HashMap<>();
        Files.readAllLines(folder.resolve("ratings.csv")).stream().skip(1).forEach(line -> {
            String[] fields = line.split(",", -1);
            liked.put(fields[0] + "/" + fields[1], Double.parseDouble(fields[2]) >= 4.5);
        });
        for (int n = 0; n < RUN; n++) {
            Request request = audience.next().orElseThrow();
            String item = slate(request).get(0);
            audience.shown(n, List.of(item));
            Reaction reaction = audience.due(request.timeMicros()).get(0);
            assertThat(reaction.value()).isEqualTo(liked.get(request.subject() + "/" + item) ? 1 : 0);
            assertThat(reaction.kind()).isEqualTo("rating");
            assertThat(reaction.timeMicros()).isEqualTo(request.timeMicros());
        }
    }

    @Test
    void saysWhatIsWrongWithAFolderAndWhere() throws IOException {
        assertThatThrownBy(() -> Ratings.read(folder.resolve("nowhere")))
                .isInstanceOf(DataException.class)
                .hasMessage(folder.resolve("nowhere")
                        + ": no such folder (expected: a MovieLens folder with ratings.csv and movies.csv)");
        assertThatThrownBy(() -> Ratings.read(folder))
                .hasMessage(folder.resolve("movies.csv") + ": missing (expected: a file that can be read)");

        MovieLensFolder.write(folder, 1, 20, 15);
        Path ratings = folder.resolve("ratings.csv");
        Files.writeString(ratings, "userId,movieId,rating,timestamp\n1,2,4.5,0\n1,3,9,0\n");
        assertThatThrownBy(() -> Ratings.read(folder))
                .hasMessage(ratings + ", line 3, column rating: 9 (expected: a number, 0.0 to 5.0)");
        Files.writeString(ratings, "userId,movieId,rating,timestamp\n1,2,NaN,0\n");
        assertThatThrownBy(() -> Ratings.read(folder))
                .hasMessage(ratings + ", line 2, column rating: NaN (expected: a number, 0.0 to 5.0)");
        Files.writeString(ratings, "userId,movieId,rating,timestamp\n1,77,4,0\n");
        assertThatThrownBy(() -> Ratings.read(folder))
                .hasMessage(ratings + ", line 2, column movieId: 77 (expected: a movie of movies.csv)");
        assertThatThrownBy(() -> open(1, 20, 9, 8))
                .isInstanceOf(DataException.class)
                .hasMessage("ratings: 2 users (expected: one who rated at least 10 movies)");
    }
}
