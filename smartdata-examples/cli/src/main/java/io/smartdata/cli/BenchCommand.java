package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Properties;
import io.smartdata.tenancy.OrgScope;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine and database under synthetic load, in a new org per run.",
        footer = {
            "",
            "Events of about 250 bytes with random ids, ten names and a thousand subjects over three days are made while the"
                    + " clock and the CPU meters stand still. All that are stored are timed. Before that, --warmup events go"
                    + " to a SQLite database in memory, so that the compiler is done; the database under test sees none of"
                    + " them. CPU seconds are those of this process; on a PostgreSQL server of this machine,"
                    + " serverCpuSeconds are those of the server."
        })
final class BenchCommand implements Callable<Integer> {
    /** Events that are made ahead at once: about 200 MB. */
    private static final int MADE_AHEAD = 250_000;

    private static final int MAX_WARMUP = 200_000;

    private static final List<String> NAMES =
            IntStream.range(0, 10).mapToObj(i -> "bench_" + i).toList();
    private static final List<String> SUBJECTS =
            IntStream.range(0, 1000).mapToObj("customer-%06d"::formatted).toList();
    private static final Instant START = Instant.parse("2023-11-14T00:00:00Z");
    private static final long SPAN_MICROS = 3 * 86_400_000_000L;

    enum What {
        INGEST
    }

    @Parameters(paramLabel = "WHAT", description = "ingest")
    private What what = What.INGEST;

    @Option(
            names = "--events",
            defaultValue = "200000",
            paramLabel = "N",
            description = "Events in all. Default: 200000")
    private long events = 200_000;

    @Option(names = "--batch", defaultValue = "5000", paramLabel = "B", description = "Events a call. Default: 5000")
    private int batch = 5000;

    @Option(names = "--writers", defaultValue = "1", paramLabel = "W", description = "Concurrent writers. Default: 1")
    private int writers = 1;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Events stored in memory first, not counted. Default: as many as --events, at most 200000")
    private @Nullable Integer warmup;

    @Option(
            names = "--identity-scope",
            defaultValue = "day",
            description =
                    "How long an event id stays taken in a new org: day (per source and UTC day) or forever (per source; one"
                            + " more row for each event). Default: day")
    private IdentityScope identityScope = IdentityScope.DAY;

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final SplittableRandom random = new SplittableRandom();

    @Override
    public Integer call() throws InterruptedException, ExecutionException, SQLException {
        int first = warmup == null ? (int) Math.min(events, MAX_WARMUP) : warmup;
        if (events < 1 || batch < 1 || batch > 10_000 || writers < 1 || first < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--events and --writers are at least 1, --batch is 1 to 10000, --warmup is at least 0.");
        }
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            warmUp(pool, first);
            try (SmartData smartData = database.withIdentityScope(identityScope).open();
                    BenchMeter meter = BenchMeter.on(database)) {
                long accepted = load(pool, smartData, events, meter);
                print(accepted, first, meter);
                return accepted == events ? 0 : Failures.BAD_INPUT;
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void warmUp(ExecutorService pool, int count) throws InterruptedException, ExecutionException, SQLException {
        Database memory = new Database().withUrl("jdbc:sqlite::memory:");
        try (SmartData smartData = memory.open();
                BenchMeter ignored = BenchMeter.on(memory)) {
            load(pool, smartData, count, ignored);
        }
    }

    /** Makes events and stores them in turns; only storing is measured. */
    private long load(ExecutorService pool, SmartData smartData, long total, BenchMeter meter)
            throws InterruptedException, ExecutionException, SQLException {
        OrgScope scope = Database.operator(smartData, "bench-%08x".formatted(random.nextInt()));
        long accepted = 0;
        for (long made = 0; made < total; made += MADE_AHEAD) {
            List<List<Event>> batches = batches((int) Math.min(MADE_AHEAD, total - made));
            meter.start();
            accepted += store(pool, smartData, scope, batches);
            meter.stop();
        }
        return accepted;
    }

    private List<List<Event>> batches(int count) {
        List<List<Event>> batches = new ArrayList<>();
        for (int from = 0; from < count; from += batch) {
            batches.add(IntStream.range(from, Math.min(count, from + batch))
                    .mapToObj(i -> event())
                    .toList());
        }
        return batches;
    }

    private Event event() {
        String properties =
                "{\"campaign\":\"autumn-%d\",\"country\":\"%s\",\"device\":\"mobile\",\"path\":\"/shop/item/%d\",\"referrer\":\"https://search.example/?q=%x\",\"visit\":\"%x\"}"
                        .formatted(
                                random.nextInt(1000, 10_000),
                                random.nextBoolean() ? "DE" : "US",
                                random.nextInt(100_000, 1_000_000),
                                random.nextInt(),
                                random.nextLong());
        return Event.named(NAMES.get(random.nextInt(10)), START.plusNanos(random.nextLong(SPAN_MICROS) * 1000))
                .id(new EventId(random.nextLong(), random.nextLong(), null))
                .source("bench")
                .value(BigDecimal.valueOf(random.nextInt(1_000_000), 2))
                .subject(SUBJECTS.get(random.nextInt(1000)))
                .properties(Properties.ofCanonicalJson(properties))
                .build();
    }

    private long store(ExecutorService pool, SmartData smartData, OrgScope scope, List<List<Event>> batches)
            throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        List<Future<Long>> running = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            running.add(pool.submit(() -> write(smartData, scope, batches, next)));
        }
        long accepted = 0;
        for (Future<Long> future : running) {
            accepted += future.get();
        }
        return accepted;
    }

    private static long write(SmartData smartData, OrgScope scope, List<List<Event>> batches, AtomicInteger next) {
        long accepted = 0;
        for (int i = next.getAndIncrement(); i < batches.size(); i = next.getAndIncrement()) {
            accepted += smartData.ingest(scope).events(batches.get(i)).accepted();
        }
        return accepted;
    }

    private void print(long accepted, int first, BenchMeter meter) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode root = new ObjectMapper().createObjectNode();
            root.put("eventsPerSecond", Math.round(accepted / meter.seconds()));
            root.put("accepted", accepted);
            root.put("seconds", meter.seconds());
            root.put("cpuSeconds", meter.cpuSeconds());
            meter.serverCpuSeconds().ifPresent(seconds -> root.put("serverCpuSeconds", seconds));
            meter.walBytes().ifPresent(bytes -> root.put("walBytesPerEvent", Math.round(bytes / (double) accepted)));
            meter.databaseBytes()
                    .ifPresent(bytes -> root.put("databaseBytesPerEvent", Math.round(bytes / (double) accepted)));
            root.put("batch", batch);
            root.put("writers", writers);
            root.put("warmup", first);
            out.println(root);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s accepted in %.2f s: %,.0f events/s, %.2f CPU s in this process (batch %d, writers %d)%n",
                    Counted.of(accepted, "event"),
                    meter.seconds(),
                    accepted / meter.seconds(),
                    meter.cpuSeconds(),
                    batch,
                    writers);
        }
        out.flush();
    }
}
