package io.millrace.local.demo;

import io.millrace.ingestion.table.DataException;
import io.millrace.local.demo.Ratings.Movie;
import io.millrace.local.demo.Ratings.Rating;
import io.millrace.local.demo.Ratings.User;
import io.millrace.wire.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * People with known tastes: a user, drawn with a probability proportional to how many movies they rated, is offered
 * {@value #CANDIDATES} random movies that they rated and were never shown; one is shown, and they tell at once, finally,
 * whether they like it: {@value #LIKED} stars or more.
 *
 * <p>What was offered to a user in a request that may still be in flight is not offered again before that request is
 * settled. A user with fewer than {@value #CANDIDATES} movies to offer is passed over; when that is all of them, the
 * audience ends, at most {@link #IN_FLIGHT} times {@value #CANDIDATES} pairs before the last. A request's event time is a second
 * after the one before.
 */
final class RatingsAudience extends OfferingAudience {
    static final String NAME = "ratings";
    static final String RATING = "rating";
    static final int CANDIDATES = 10;
    static final double LIKED = 4.5;
    private static final long START_MICROS =
            Instant.parse("2020-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long STEP_MICROS = 1_000_000;

    private final List<Viewer> viewers;
    private final Map<Long, Taken> taken = new HashMap<>();
    private final long limit;
    private final Lottery lottery;

    RatingsAudience(Ratings ratings, long seed) {
        super(NAME, seed, RATING);
        this.viewers = ratings.users().stream().map(Viewer::new).toList();
        this.limit = viewers.stream()
                .mapToLong(viewer -> Math.max(0, viewer.open.size() - CANDIDATES + 1))
                .sum();
        this.lottery = new Lottery(
                viewers.stream().mapToLong(viewer -> viewer.open.size()).toArray());
        if (limit == 0) {
            throw new DataException(new Problem(
                    "ratings", viewers.size() + " users", "one who rated at least " + CANDIDATES + " movies"));
        }
    }

    @Override
    public String rewarded() {
        return "the movies that it showed were rated 4.5 or more";
    }

    @Override
    public long limit() {
        return limit;
    }

    @Override
    @Nullable
    Offer offer(long number) {
        SplittableRandom random = Draw.random(seed(), number);
        int user = lottery.draw(random, i -> viewers.get(i).open.size() >= CANDIDATES);
        if (user < 0) {
            return null;
        }
        Viewer viewer = viewers.get(user);
        List<Rating> offered = viewer.take(random);
        taken.put(number, new Taken(user, offered));
        double[] rewards = offered.stream()
                .mapToDouble(rating -> rating.stars() >= LIKED ? 1 : 0)
                .toArray();
        long time = START_MICROS + number * STEP_MICROS;
        Request request = new Request(
                number,
                requestId(number),
                viewer.user.id(),
                time,
                Map.of(),
                offered.stream().map(RatingsAudience::candidate).toList(),
                1);
        return new Offer(
                request,
                rewards,
                rewards,
                IntStream.range(0, CANDIDATES).mapToLong(i -> time).toArray());
    }

    @Override
    void settle(Offer offer, List<Integer> shown) {
        Taken back = taken.remove(offer.request().number());
        if (back != null) {
            Viewer viewer = viewers.get(back.viewer);
            viewer.giveBack(back.offered, shown);
            if (!viewer.mayReturn()) {
                lottery.remove(back.viewer);
            }
        }
    }

    private static Map<String, Object> candidate(Rating rating) {
        Movie movie = rating.movie();
        return Map.of("item", movie.id(), "genres", movie.genres());
    }

    private record Taken(int viewer, List<Rating> offered) {}

    /** A user with what may be offered to them now. */
    private static final class Viewer {
        private final User user;
        private final List<Rating> open;
        private int inFlight;

        Viewer(User user) {
            this.user = user;
            this.open = new ArrayList<>(user.ratings());
        }

        List<Rating> take(SplittableRandom random) {
            List<Rating> offered = new ArrayList<>(CANDIDATES);
            for (int i = 0; i < CANDIDATES; i++) {
                int drawn = random.nextInt(open.size());
                Rating last = open.remove(open.size() - 1);
                offered.add(drawn == open.size() ? last : open.set(drawn, last));
            }
            inFlight += CANDIDATES;
            return offered;
        }

        void giveBack(List<Rating> offered, List<Integer> shown) {
            for (int i = 0; i < offered.size(); i++) {
                if (!shown.contains(i)) {
                    open.add(offered.get(i));
                }
            }
            inFlight -= offered.size();
        }

        boolean mayReturn() {
            return open.size() + inFlight >= CANDIDATES;
        }
    }
}
