package io.smartdata.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.OrgScope;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
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
        description = "Measures this machine and database under synthetic load. Uses an org of its own per run.")
final class BenchCommand implements Callable<Integer> {
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

    @Mixin
    private Database database = new Database();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        if (events < 1 || batch < 1 || batch > 10_000 || writers < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--events and --writers are at least 1, --batch is 1 to 10000.");
        }
        try (SmartData smartData = database.open()) {
            OrgScope scope = Database.operator(smartData, "bench-" + UUID.randomUUID());
            long cpuBefore = cpuNanos();
            long start = System.nanoTime();
            long accepted = load(smartData, scope);
            double seconds = (System.nanoTime() - start) / 1e9;
            print(accepted, seconds, (cpuNanos() - cpuBefore) / 1e9);
            return accepted == events ? 0 : Failures.BAD_INPUT;
        }
    }

    private long load(SmartData smartData, OrgScope scope) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            AtomicLong next = new AtomicLong();
            List<Future<Long>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                running.add(pool.submit(() -> write(smartData, scope, next)));
            }
            long accepted = 0;
            for (Future<Long> future : running) {
                accepted += future.get();
            }
            return accepted;
        } finally {
            pool.shutdownNow();
        }
    }

    private long write(SmartData smartData, OrgScope scope, AtomicLong next) {
        long accepted = 0;
        for (long from = next.getAndAdd(batch); from < events; from = next.getAndAdd(batch)) {
            long to = Math.min(events, from + batch);
            List<Event> load = new ArrayList<>((int) (to - from));
            for (long i = from; i < to; i++) {
                load.add(event(i));
            }
            IngestReceipt receipt = smartData.ingest(scope).events(load);
            accepted += receipt.accepted();
        }
        return accepted;
    }

    /** Ten names over a week, a thousand subjects, a small property: about 250 bytes. */
    private static Event event(long i) {
        long mixed = i * 0x9E3779B97F4A7C15L;
        return Event.named("bench_" + i % 10, Instant.EPOCH.plusSeconds(1_700_000_000L + (mixed >>> 40) % 604_800))
                .id(new UUID(mixed, i).toString())
                .source("bench")
                .value((mixed >>> 33) % 10_000)
                .subject("subject-" + (mixed >>> 20) % 1000)
                .entity("page/" + i % 50)
                .properties(Map.of("country", i % 3 == 0 ? "DE" : "US"))
                .build();
    }

    private void print(long accepted, double seconds, double cpuSeconds) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode root = new ObjectMapper().createObjectNode();
            root.put("eventsPerSecond", Math.round(accepted / seconds));
            root.put("accepted", accepted);
            root.put("seconds", seconds);
            root.put("cpuSeconds", cpuSeconds);
            root.put("batch", batch);
            root.put("writers", writers);
            out.println(root);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%,d events accepted in %.2f s: %,.0f events/s, %.2f CPU s in this process (batch %d, writers %d)%n",
                    accepted,
                    seconds,
                    accepted / seconds,
                    cpuSeconds,
                    batch,
                    writers);
        }
        out.flush();
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
