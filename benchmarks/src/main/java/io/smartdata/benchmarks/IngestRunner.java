package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What durable, deduplicated, counted ingestion costs beside a bare COPY and beside hand-written SQL, on one server in one
 * run. Run: {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.IngestRunner --db URL}.
 *
 * <p>Every leg of a round stores the same events in an empty database of its own and commits once a batch. Events exist
 * before the clock starts; turning them into bytes is part of every leg. The first round warms up and does not count.
 */
public final class IngestRunner {
    private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put("--db", "");
        OPTIONS.put("--events", "500000");
        OPTIONS.put("--batch", "10000");
        OPTIONS.put("--rounds", "5");
        OPTIONS.put("--server-pid", "0");
    }

    private static final String BARE_COPY = "bare COPY";
    private static final String BARE_INSERT = "bare INSERT";
    private static final String HAND_WRITTEN = "hand-written";
    private static final String ONE_WRITER = "smartdata, 1 writer";
    private static final String RESENT = "smartdata, re-sent";
    private static final String TWO_WRITERS = "smartdata, 2 writers";

    private static final List<Leg> SMARTDATA = List.of(
            new Leg(ONE_WRITER, SmartDataContender::open, 1, true),
            new Leg(RESENT, SmartDataContender::open, 1, false),
            new Leg(TWO_WRITERS, SmartDataContender::open, 2, true));

    /** Who competes for what. */
    private record Contest(List<Leg> legs, List<Bar> bars) {}

    private static final Contest POSTGRESQL = new Contest(
            List.of(
                    new Leg(BARE_COPY, CopyPeers::bareCopy, 1, true),
                    new Leg(HAND_WRITTEN, CopyPeers::handWritten, 1, true),
                    SMARTDATA.get(0),
                    SMARTDATA.get(1),
                    SMARTDATA.get(2)),
            List.of(
                    new Bar("events/s", ONE_WRITER, BARE_COPY, Cost::eventsPerSecond, 0.42, 0.52),
                    new Bar("CPU per event", ONE_WRITER, BARE_COPY, Cost::cpuMicrosPerEvent, 3.5, 2.5),
                    new Bar("events/s", ONE_WRITER, HAND_WRITTEN, Cost::eventsPerSecond, 1.0, 1.5),
                    new Bar("events/s", TWO_WRITERS, ONE_WRITER, Cost::eventsPerSecond, 1.5, 1.8),
                    new Bar("events/s", RESENT, ONE_WRITER, Cost::eventsPerSecond, 0.9, 2.5)));

    private static final Contest SQLITE = new Contest(
            List.of(
                    new Leg(BARE_INSERT, SqlitePeer::open, 1, true),
                    SMARTDATA.get(0),
                    SMARTDATA.get(1),
                    SMARTDATA.get(2)),
            List.of(
                    new Bar("events/s", ONE_WRITER, BARE_INSERT, Cost::eventsPerSecond, 0.6, 0.85),
                    new Bar("CPU per event", ONE_WRITER, BARE_INSERT, Cost::cpuMicrosPerEvent, Double.NaN, Double.NaN),
                    new Bar("events/s", TWO_WRITERS, ONE_WRITER, Cost::eventsPerSecond, Double.NaN, Double.NaN),
                    new Bar("events/s", RESENT, ONE_WRITER, Cost::eventsPerSecond, 0.9, 2.5)));

    private final Place place;
    private final int batch;
    private final int events;

    private IngestRunner(Place place, int events, int batch) {
        this.place = place;
        this.events = events;
        this.batch = batch;
    }

    public static void main(String[] args) throws SQLException {
        Options options = Options.parse(args, OPTIONS);
        String url = options.text("--db");
        try (Place place = Place.of(url, options.integer("--server-pid"))) {
            Contest contest = Place.isSqlite(url) ? SQLITE : POSTGRESQL;
            IngestRunner runner = new IngestRunner(place, options.integer("--events"), options.integer("--batch"));
            List<Map<String, Cost>> rounds = runner.run(contest.legs, options.integer("--rounds"));
            IngestReport report =
                    new IngestReport(place.description(), runner.events, runner.batch, rounds, contest.bars);
            System.out.println(options.json() ? report.json() : report.text());
        }
    }

    private List<Map<String, Cost>> run(List<Leg> legs, int rounds) throws SQLException {
        List<Map<String, Cost>> measured = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Map<String, Cost> costs = round(legs, round);
            System.err.printf("%s: %s%n", round == 0 ? "warm-up" : "round " + round, rates(costs));
            if (round > 0) {
                measured.add(costs);
            }
        }
        return measured;
    }

    private Map<String, Cost> round(List<Leg> legs, int seed) throws SQLException {
        List<List<Event>> batches = IngestWorkload.batches(events, batch, seed);
        Map<String, Cost> costs = new LinkedHashMap<>();
        String database = "";
        String url = "";
        for (Leg leg : legs) {
            if (leg.fresh()) {
                if (!database.isEmpty()) {
                    place.drop(database);
                }
                database = "leg_" + costs.size();
                url = place.create(database);
            }
            costs.put(leg.name(), measure(leg, database, url, batches));
        }
        place.drop(database);
        return costs;
    }

    private Cost measure(Leg leg, String database, String url, List<List<Event>> batches) throws SQLException {
        try (Contender contender = leg.opener().open(url)) {
            long[] stored = {0};
            Cost cost = Cost.of(place, database, events, () -> stored[0] = write(contender, batches, leg.writers()));
            if (stored[0] != (leg.fresh() ? events : 0)) {
                throw new IllegalStateException("%s stored %d of %d events".formatted(leg.name(), stored[0], events));
            }
            return cost;
        }
    }

    private static long write(Contender contender, List<List<Event>> batches, int writers) throws SQLException {
        AtomicInteger next = new AtomicInteger();
        if (writers == 1) {
            return writeAll(contender, batches, next);
        }
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                running.add(pool.submit(() -> writeAll(contender, batches, next)));
            }
            long stored = 0;
            for (Future<Long> future : running) {
                stored += future.get();
            }
            return stored;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("A writer failed", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static long writeAll(Contender contender, List<List<Event>> batches, AtomicInteger next)
            throws SQLException {
        long stored = 0;
        for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
            stored += contender.write(batches.get(i));
        }
        return stored;
    }

    private static String rates(Map<String, Cost> costs) {
        List<String> rates = new ArrayList<>();
        costs.forEach((leg, cost) -> rates.add("%s %,.0f/s".formatted(leg, cost.eventsPerSecond())));
        return String.join(", ", rates);
    }
}
