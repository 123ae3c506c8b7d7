package io.smartdata.benchmarks;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.event.Event;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
import java.util.function.ToDoubleFunction;

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

    private static final String ONE_WRITER = "smartdata, 1 writer";
    private static final String RESENT = "smartdata, re-sent";
    private static final String TWO_WRITERS = "smartdata, 2 writers";

    /**
     * @param fresh false to go on in the database of the leg before
     * @param share of the events that are new
     */
    private record Leg(String name, Contender.Opener opener, int writers, boolean fresh, int share) {}

    /** Ratio of two legs, with the bar it has to pass and the one it would like to. */
    private record Bar(
            String question, String leg, String peer, ToDoubleFunction<Cost> figure, double bar, double reach) {
        double ratio(Map<String, Cost> round) {
            return figure.applyAsDouble(requireNonNull(round.get(leg)))
                    / figure.applyAsDouble(requireNonNull(round.get(peer)));
        }
    }

    private static final List<Leg> POSTGRES_LEGS = List.of(
            new Leg("bare COPY", CopyPeers::bareCopy, 1, true, 1),
            new Leg("hand-written", CopyPeers::handWritten, 1, true, 1),
            new Leg(ONE_WRITER, SmartDataContender::open, 1, true, 1),
            new Leg(RESENT, SmartDataContender::open, 1, false, 0),
            new Leg(TWO_WRITERS, SmartDataContender::open, 2, true, 1));

    private static final List<Bar> POSTGRES_BARS = List.of(
            new Bar("events/s, smartdata / bare COPY", ONE_WRITER, "bare COPY", Cost::eventsPerSecond, 0.42, 0.52),
            new Bar("CPU per event, smartdata / bare COPY", ONE_WRITER, "bare COPY", Cost::cpuMicrosPerEvent, 3.5, 2.5),
            new Bar("events/s, smartdata / hand-written", ONE_WRITER, "hand-written", Cost::eventsPerSecond, 1.0, 1.5),
            new Bar("events/s, two writers / one", TWO_WRITERS, ONE_WRITER, Cost::eventsPerSecond, 1.5, 1.8),
            new Bar("events/s, re-sent / first", RESENT, ONE_WRITER, Cost::eventsPerSecond, 0.9, 2.5));

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
        int rounds = options.integer("--rounds");
        try (Place place = Place.of(options.text("--db"), options.integer("--server-pid"))) {
            IngestRunner runner = new IngestRunner(place, options.integer("--events"), options.integer("--batch"));
            List<Map<String, Cost>> measured = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                Map<String, Cost> costs = runner.round(POSTGRES_LEGS, round);
                System.err.printf("%s: %s%n", round == 0 ? "warm-up" : "round " + round, rates(costs));
                if (round > 0) {
                    measured.add(costs);
                }
            }
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            if (options.json()) {
                out.println(json(measured, POSTGRES_BARS));
            } else {
                print(out, measured, POSTGRES_BARS);
            }
        }
    }

    private Map<String, Cost> round(List<Leg> legs, int seed) throws SQLException {
        List<List<Event>> batches = IngestWorkload.batches(events, batch, seed);
        Map<String, Cost> costs = new LinkedHashMap<>();
        String database = "";
        String url = "";
        for (Leg leg : legs) {
            if (leg.fresh) {
                if (!database.isEmpty()) {
                    place.drop(database);
                }
                database = "leg_" + costs.size();
                url = place.create(database);
            }
            costs.put(leg.name, measure(leg, database, url, batches));
        }
        place.drop(database);
        return costs;
    }

    private Cost measure(Leg leg, String database, String url, List<List<Event>> batches) throws SQLException {
        try (Contender contender = leg.opener.open(url)) {
            long[] stored = {0};
            Cost cost = Cost.of(place, database, events, () -> stored[0] = write(contender, batches, leg.writers));
            if (stored[0] != (long) events * leg.share) {
                throw new IllegalStateException("%s stored %d of %d events".formatted(leg.name, stored[0], events));
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

    private static void print(PrintStream out, List<Map<String, Cost>> rounds, List<Bar> bars) {
        String row = "%-22s %9s %10s %10s %10s %12s %8s %8s%n";
        out.printf(
                row,
                "median of " + rounds.size(),
                "wall s",
                "events/s",
                "client s",
                "server s",
                "CPU µs/event",
                "WAL B",
                "table B");
        for (String leg : rounds.get(0).keySet()) {
            List<Cost> costs = costs(rounds, leg);
            out.printf(
                    "%-22s %9.2f %,10.0f %10.2f %10.2f %12.2f %8.0f %8.0f%n",
                    leg,
                    Cost.median(costs, Cost::seconds),
                    Cost.median(costs, Cost::eventsPerSecond),
                    Cost.median(costs, Cost::clientCpu),
                    Cost.median(costs, Cost::serverCpu),
                    Cost.median(costs, Cost::cpuMicrosPerEvent),
                    Cost.median(costs, Cost::walBytesPerEvent),
                    Cost.median(costs, Cost::databaseBytesPerEvent));
        }
        out.printf(
                "%n%-40s %8s %16s %6s %6s%n", "ratio, median of the rounds", "ratio", "lowest-highest", "bar", "reach");
        for (Bar bar : bars) {
            double[] ratios = rounds.stream().mapToDouble(bar::ratio).toArray();
            out.printf(
                    "%-40s %8.2f %16s %6.2f %6.2f%n",
                    bar.question,
                    Figures.median(ratios),
                    "%.2f-%.2f".formatted(Figures.quantile(0, ratios), Figures.quantile(1, ratios)),
                    bar.bar,
                    bar.reach);
        }
    }

    private static List<Cost> costs(List<Map<String, Cost>> rounds, String leg) {
        return rounds.stream().map(round -> requireNonNull(round.get(leg))).toList();
    }

    private static ObjectNode json(List<Map<String, Cost>> rounds, List<Bar> bars) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode legs = root.putObject("legs");
        for (String leg : rounds.get(0).keySet()) {
            List<Cost> costs = costs(rounds, leg);
            legs.putObject(leg)
                    .put("seconds", Cost.median(costs, Cost::seconds))
                    .put("eventsPerSecond", Cost.median(costs, Cost::eventsPerSecond))
                    .put("clientCpuSeconds", Cost.median(costs, Cost::clientCpu))
                    .put("serverCpuSeconds", Cost.median(costs, Cost::serverCpu))
                    .put("cpuMicrosPerEvent", Cost.median(costs, Cost::cpuMicrosPerEvent))
                    .put("walBytesPerEvent", Cost.median(costs, Cost::walBytesPerEvent))
                    .put("databaseBytesPerEvent", Cost.median(costs, Cost::databaseBytesPerEvent));
        }
        ObjectNode ratios = root.putObject("ratios");
        for (Bar bar : bars) {
            double[] values = rounds.stream().mapToDouble(bar::ratio).toArray();
            ratios.putObject(bar.question)
                    .put("ratio", Figures.median(values))
                    .put("lowest", Figures.quantile(0, values))
                    .put("highest", Figures.quantile(1, values))
                    .put("bar", bar.bar)
                    .put("reach", bar.reach);
        }
        return root;
    }
}
