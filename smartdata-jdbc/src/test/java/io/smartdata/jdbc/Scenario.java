package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.correction.RetractRequest;
import io.smartdata.core.deadletter.ReplayReport;
import io.smartdata.core.deadletter.ReplayRequest;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.Transformation;
import io.smartdata.core.jobs.Job;
import io.smartdata.core.jobs.JobPiece;
import io.smartdata.core.jobs.JobSettings;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.JobRun;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work that may be interrupted anywhere and repeated by its caller.
 *
 * @param name says it in a few words
 * @param oneTransaction true if it is stored whole or not at all
 * @param before what is there already
 * @param work what is interrupted
 * @param ignored columns that differ although the same was done
 */
record Scenario(String name, boolean oneTransaction, Step before, Step work, Set<String> ignored) {
    /** What depends on the key that each new org draws. */
    private static final Set<String> KEYED = Set.of("hash_key", "fingerprint", "state");

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final LocalDate ALWAYS = CellRange.FIRST_DAY;
    private static final LocalDate END = CellRange.END;

    /** What differs when events have random ids, so that an effect that happens twice is not hidden by its ids. */
    private static final Set<String> BY_CHANCE = Set.of("event_id", "event_id_text", "fingerprint", "state");

    /** Longer than a transaction on a busy machine, or no node ever keeps its lease to the end. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** Sent again, it has its first receipt. */
    static final Scenario WITH_KEY = new Scenario(
            "batch with a key", true, node -> node.ingest(events(1, 60)), node -> node.ingest(events(50, 90), "key"));

    /** To add one: a line. */
    static List<Scenario> all() {
        Step nothing = node -> null;
        Step some = node -> node.ingest(events(1, 60));
        Step more = node -> {
            node.ingest(events(1, 150));
            return node.ingest(events(100, 230));
        };
        Step quiet = node -> {
            node.ingest(events(1, 60));
            return node.smartData().jobs().runDue();
        };
        return List.of(
                new Scenario("small batch", true, some, node -> node.ingest(hostile(40, 90))),
                new Scenario("large batch", true, some, node -> node.ingest(hostile(40, 340))),
                WITH_KEY,
                new Scenario("strict file", true, some, node -> node.strict(csv(400, false))),
                new Scenario("lenient file", false, some, node -> node.lenient(csv(900, true))),
                new Scenario("joined transaction", true, some, node -> node.joined(events(50, 120))),
                new Scenario("dead letter replay", true, Scenario::letters, Scenario::replay),
                new Scenario("compaction", false, more, node -> node.kpis().compact()),
                new Scenario("rebuild", true, more, node -> node.kpis().rebuild(ALWAYS, END)),
                new Scenario("zone change", true, more, node -> node.kpis().changeZone(BERLIN)),
                new Scenario("KPI change", true, more, node -> node.restarted(Node.OTHER_KPIS)),
                new Scenario("replay by filter", true, Scenario::letters, Scenario::replayAll),
                new Scenario("job run", false, quiet, Scenario::runJob, BY_CHANCE),
                new Scenario("retraction", true, more, Scenario::retract),
                new Scenario("last wins", true, Scenario::lastWins, node -> node.ingest(replacements(30, 90))),
                new Scenario("new org", false, nothing, node -> node.ingest(events(1, 30)), KEYED));
    }

    private Scenario(String name, boolean oneTransaction, Step before, Step work) {
        this(name, oneTransaction, before, work, Set.of());
    }

    /** A part of a scenario. */
    @FunctionalInterface
    interface Step {
        @Nullable
        Object run(Node node) throws SQLException;
    }

    @Override
    public String toString() {
        return name;
    }

    /** One process of a host, with one org. */
    record Node(SmartData smartData, Engine engine, InterceptedDataSource dataSource, OrgScope scope) {
        static final KpiCatalog KPIS = KpiCatalog.of(
                Kpi.sum("revenue").event("order").dimension("country"),
                Kpi.distinct("buyers").event("order"));
        static final KpiCatalog OTHER_KPIS = KpiCatalog.of(
                Kpi.sum("revenue").event("order").where("country", "DE"),
                Kpi.max("dearest").event("order"));
        private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
        private static final int EVENTS_IN_A_PIECE = 400;

        static Node start(Engine engine, InterceptedDataSource dataSource) {
            return start(engine, dataSource, KPIS, CLOCK);
        }

        static Node start(Engine engine, InterceptedDataSource dataSource, KpiCatalog kpis, Clock clock, Job... jobs) {
            SmartData.Builder builder = SmartData.builder()
                    .storage(JdbcStorage.of(dataSource))
                    .kpis(kpis)
                    .accessPolicy(AccessPolicy.singleOperator())
                    .clock(clock)
                    .ingestSettings(new IngestSettings(EVENTS_IN_A_PIECE, 1 << 20, 1_000, 1 << 20, 5_000, 10, 100_000))
                    .jobSettings(JobSettings.defaults().withLease(LEASE));
            List.of(jobs).forEach(builder::job);
            SmartData smartData = builder.build();
            OrgScope scope = smartData
                    .access()
                    .scope(
                            Caller.of("test"),
                            OrgId.of("acme"),
                            Permission.INGEST,
                            Permission.VIEW,
                            Permission.VIEW_SENSITIVE,
                            Permission.OPERATE);
            return new Node(smartData, engine, dataSource, scope);
        }

        Node restarted(KpiCatalog kpis) {
            return start(engine, dataSource, kpis, CLOCK);
        }

        Node withJob(Job job) {
            return start(engine, dataSource, KPIS, CLOCK, job);
        }

        IngestReceipt ingest(List<Event> events) {
            return smartData.ingest(scope).events(events);
        }

        IngestReceipt ingest(List<Event> events, String key) {
            return smartData.ingest(scope).events(events, key);
        }

        IngestReceipt strict(byte[] csv) {
            return smartData
                    .ingest(scope)
                    .input(() -> new ByteArrayInputStream(csv), IngestOptions.strict(ReadOptions.defaults("files")));
        }

        IngestReceipt lenient(byte[] csv) {
            return smartData
                    .ingest(scope)
                    .input(() -> new ByteArrayInputStream(csv), IngestOptions.lenient(ReadOptions.defaults("files")));
        }

        /** What happens on the host's connection besides is the host's own concern, so only our calls fail. */
        IngestReceipt joined(List<Event> events) throws SQLException {
            Connection[] host = new Connection[1];
            try (Connection connection = dataSource.getConnection()) {
                host[0] = connection;
                dataSource.paused(() -> begin(connection));
                IngestReceipt receipt = smartData
                        .within(JdbcStorage.joining(connection))
                        .ingest(scope)
                        .events(events);
                dataSource.stop();
                connection.commit();
                return receipt;
            }
        }

        private void begin(Connection connection) {
            try {
                engine.begin(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        Kpis kpis() {
            return smartData.kpis(scope);
        }
    }

    /** Always the same event under the same number. */
    static Event event(int number) {
        Random random = new Random(number);
        return Event.named(number % 5 == 0 ? "visit" : "order", Instant.ofEpochSecond(1_774_600_000L + number * 2_000L))
                .id("e" + number)
                .source(number % 7 == 0 ? "app" : "shop")
                .subject("u" + random.nextInt(20))
                .value(random.nextInt(1_000) + "." + random.nextInt(10, 100))
                .properties(Map.of("country", List.of("DE", "US", "FR").get(random.nextInt(3))))
                .build();
    }

    static List<Event> events(int from, int to) {
        List<Event> events = new ArrayList<>();
        for (int number = from; number < to; number++) {
            events.add(event(number));
        }
        return events;
    }

    /** Known ones, new ones, one twice, one in conflict and one that has no place in any org. */
    private static List<Event> hostile(int from, int to) {
        List<Event> events = new ArrayList<>(events(from, to));
        events.add(event(to - 1));
        events.add(Event.named("order", event(from).occurredAt())
                .id("e" + from)
                .source(event(from).source())
                .value("1")
                .build());
        events.add(Event.named("order", Instant.parse("2031-01-01T00:00:00Z"))
                .id("late")
                .source("shop")
                .build());
        return events;
    }

    private static @Nullable Object lastWins(Node node) {
        for (String source : List.of("shop", "app")) {
            node.smartData().sources(node.scope()).declare(source, ConflictPolicy.LAST_WINS);
        }
        return node.ingest(events(1, 60));
    }

    /** The events of these numbers on the same days, all with another content. */
    private static List<Event> replacements(int from, int to) {
        return events(from, to).stream()
                .map(event -> Event.named(event.name(), event.occurredAt())
                        .id(event.id().text())
                        .source(event.source())
                        .subject(event.subject())
                        .value("0.5")
                        .properties(Map.of("country", "IT"))
                        .build())
                .toList();
    }

    private static byte[] csv(int rows, boolean someBad) {
        StringBuilder csv = new StringBuilder("id,name,time,value,subject,country\n");
        for (Event event : events(1_000, 1_000 + rows)) {
            boolean bad = someBad && csv.length() % 11 == 0;
            csv.append("%s,%s,%s,%s,%s,DE%n"
                    .formatted(
                            event.id().text(),
                            event.name(),
                            bad ? "soon" : event.occurredAt(),
                            event.value(),
                            event.subject()));
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Object replayAll(Node node) {
        Transformation fix = Transformation.none().set("time", "2026-03-27T11:00:00Z");
        return node.smartData()
                .deadLetters(node.scope())
                .replay(ReplayRequest.of(DeadLetterFilter.open()).withFix(fix));
    }

    /** A node whose store fails in the middle of a run leaves it, and goes on with it when the lease has ended. */
    private static @Nullable Object runJob(Node node) {
        SmartData[] worker = new SmartData[1];
        Job job = Job.named("report")
                .every(Duration.ofDays(1))
                .misfireWindow(Duration.ofDays(2))
                .perOrg((context, org) -> List.of(JobPiece.once("report", scope -> report(worker[0], scope)))
                        .iterator());
        worker[0] = node.withJob(job).smartData();
        worker[0].jobs().runDue();
        while (!ended(worker[0].jobs().history("report", 1))) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            worker[0].jobs().runDue();
        }
        assertThat(worker[0].jobs().history("report", 1).get(0).status()).isEqualTo(JobRun.Status.DONE);
        return null;
    }

    /** A node that has died may hold the lease, with or without a run. */
    private static boolean ended(List<JobRun> runs) {
        return !runs.isEmpty() && runs.get(0).status() != JobRun.Status.RUNNING;
    }

    private static long report(SmartData smartData, OrgScope scope) {
        Event event = Event.named("report", Instant.parse("2026-03-28T00:00:00Z"))
                .id(UUID.randomUUID().toString())
                .source("shop")
                .value(1)
                .build();
        return smartData.ingest(scope).events(List.of(event)).accepted();
    }

    private static Object retract(Node node) {
        return node.smartData().corrections(node.scope()).retract(RetractRequest.of(EventSelection.ofSource("app")));
    }

    private static IngestReceipt letters(Node node) {
        return node.lenient("""
                id,name,time,value
                a,order,2026-03-27T10:00:00Z,12.50
                b,order,soon,7.25
                """.getBytes(StandardCharsets.UTF_8));
    }

    private static ReplayReport replay(Node node) {
        var letters = node.smartData().deadLetters(node.scope());
        List<DeadLetter> found = letters.list(DeadLetterQuery.any(10));
        assertThat(found).hasSize(1);
        byte[] fixed = new String(letters.payload(found.get(0).id()), StandardCharsets.UTF_8)
                .replace("soon", "2026-03-27T11:00:00Z")
                .getBytes(StandardCharsets.UTF_8);
        return letters.replay(found.get(0).id(), fixed, false);
    }
}
