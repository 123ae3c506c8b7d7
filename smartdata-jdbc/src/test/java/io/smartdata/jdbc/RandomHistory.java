package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestSettings;
import io.smartdata.core.kpi.Verification;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.jdbc.fault.Failure;
import io.smartdata.jdbc.fault.Fault;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One history, made from a seed: two orgs receive events, late, twice, in conflict, from two threads, within transactions
 * that roll back and over connections that break, while cells are compacted, rebuilt and moved to other zones. Every few
 * steps, every figure is compared with a recount in plain SQL over the event table, which knows nothing of KPIs.
 */
final class RandomHistory implements AutoCloseable {
    /** Both zones change their clocks within the history, one of them by half an hour. */
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Europe/Berlin"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("America/St_Johns"),
            ZoneOffset.UTC);

    private static final Instant START = Instant.parse("2026-03-27T00:00:00Z");
    private static final Instant END = Instant.parse("2026-04-06T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-01T00:00:00Z"), ZoneOffset.UTC);
    private static final List<String> COUNTRIES = List.of("DE", "US", "\u00e9t\u00e9", "a=b", "");
    private static final int STEPS_BETWEEN_CHECKS = 6;

    private static final KpiCatalog CATALOG = KpiCatalog.of(
            Kpi.count("orders").event("order").dimension("country"),
            Kpi.sum("revenue").event("order").dimension("country"),
            Kpi.min("cheapest").event("order").dimension("country"),
            Kpi.max("dearest").event("order").dimension("country"),
            Kpi.avg("basket").event("order").dimension("country"),
            Kpi.latest("last_price").event("order").dimension("country"),
            Kpi.distinct("buyers").event("order").dimension("country"));

    /** What one database does its own way. */
    interface Site {
        InterceptedDataSource dataSource();

        /** A connection of the host, in a transaction that may write. */
        Connection begun() throws SQLException;

        /** Sees all orgs. */
        default Connection reader() throws SQLException {
            return dataSource().newConnection();
        }

        /** A query with columns source, day (local, ISO), name, country, subject, cents, occurred_at, event_id; org is ?. */
        String localEvents(ZoneId zone);
    }

    private record Org(OrgScope scope, Map<String, Event> stored, Map<String, Event> uncertain) {}

    /** Where a figure stands. */
    private record Place(String source, String day, String country) {}

    /** What SQL counted there; amounts in cents. */
    private record Recount(
            long events,
            long values,
            @Nullable Long sum,
            @Nullable Long min,
            @Nullable Long max,
            @Nullable Long latest,
            long subjects,
            long withSubject) {
        Recount behindSubjects() {
            return new Recount(withSubject, values, sum, min, max, latest, subjects, withSubject);
        }
    }

    private final long seed;
    private final Site site;
    private final Random random;
    private final SmartData smartData;
    private final List<Org> orgs = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Connection reader;
    private int nextId;

    RandomHistory(long seed, Site site) throws SQLException {
        this.seed = seed;
        this.site = site;
        this.random = new Random(seed);
        this.smartData = SmartData.builder()
                .storage(JdbcStorage.of(site.dataSource()))
                .kpis(CATALOG)
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(CLOCK)
                .ingestSettings(new IngestSettings(100, 1 << 20, 1_000, 1 << 20, 5_000, 10, 150))
                .build();
        this.reader = site.reader();
        for (String name : List.of("acme", "globex")) {
            OrgScope scope = smartData
                    .access()
                    .scope(Caller.of("test"), OrgId.of(name), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
            Org org = new Org(scope, new HashMap<>(), new HashMap<>());
            orgs.add(org);
            send(org, List.of(newEvent()));
            changeZone(org);
        }
    }

    /** Lives the history. */
    void run(int steps) throws Exception {
        for (int step = 1; step <= steps; step++) {
            step(orgs.get(random.nextInt(orgs.size())));
            if (step % STEPS_BETWEEN_CHECKS == 0 || step == steps) {
                for (Org org : orgs) {
                    check(org);
                }
            }
        }
    }

    private void step(Org org) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1 -> send(org, newEvents(1 + random.nextInt(40)));
            case 2 -> send(org, newEvents(300 + random.nextInt(300)));
            case 3 -> sendAgain(org);
            case 4 -> sendInConflict(org);
            case 5 -> sendFromTwoThreads(org);
            case 6 -> rollBack(org);
            case 7, 8 -> loseTheConnection(org);
            case 9 -> compact(org);
            case 10 -> rebuild(org);
            default -> changeZone(org);
        }
    }

    private Event newEvent() {
        long span = Duration.between(START, END).toMillis();
        Event.Builder event = Event.named(
                        random.nextInt(3) == 0 ? "visit" : "order",
                        START.plusMillis((long) (random.nextDouble() * span)).plusNanos(random.nextInt(3) * 1_000L))
                .id("e" + nextId++)
                .source(random.nextInt(3) == 0 ? "app" : "shop")
                .subject(random.nextInt(8) == 0 ? null : "u" + random.nextInt(30));
        if (random.nextInt(8) > 0) {
            event.value(BigDecimal.valueOf(random.nextInt(2_000_000) - 500_000, 2));
        }
        if (random.nextInt(6) > 0) {
            event.properties(Map.of("country", COUNTRIES.get(random.nextInt(COUNTRIES.size())), "n", nextId));
        }
        return event.build();
    }

    private List<Event> newEvents(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(newEvent());
        }
        return events;
    }

    private static String id(Event event) {
        return event.id().text();
    }

    private void send(Org org, List<Event> events) {
        log.add("%s receives %d".formatted(org.scope().org(), events.size()));
        IngestReceipt receipt = smartData.ingest(org.scope()).events(events);
        assertThat(receipt.accepted() + receipt.duplicates()).as(where()).isEqualTo(events.size());
        acknowledged(org, events);
    }

    private void acknowledged(Org org, List<Event> events) {
        events.forEach(event -> {
            org.stored().put(id(event), event);
            org.uncertain().remove(id(event));
        });
    }

    private List<Event> some(Org org, int most) {
        List<Event> events = new ArrayList<>(new TreeMap<>(org.stored()).values());
        Collections.shuffle(events, random);
        return new ArrayList<>(events.subList(0, Math.min(events.size(), 1 + random.nextInt(most))));
    }

    /** Old and new ones, some twice in the same batch. */
    private void sendAgain(Org org) {
        List<Event> batch = some(org, 60);
        List<Event> fresh = newEvents(random.nextInt(20));
        batch.addAll(fresh);
        batch.addAll(batch.subList(0, batch.size() / 2));
        batch.addAll(fresh);
        Collections.shuffle(batch, random);
        send(org, batch);
    }

    private void sendInConflict(Org org) {
        List<Event> others = new ArrayList<>();
        some(org, 20)
                .forEach(event -> others.add(Event.named(event.name(), event.occurredAt())
                        .id(event.id())
                        .source(event.source())
                        .value("123456.78")
                        .build()));
        List<Event> fresh = newEvents(random.nextInt(5));
        List<Event> batch = new ArrayList<>(others);
        batch.addAll(fresh);
        Collections.shuffle(batch, random);
        log.add("%s receives %d in conflict".formatted(org.scope().org(), others.size()));
        IngestReceipt receipt = smartData.ingest(org.scope()).events(batch);
        assertThat(receipt.conflicts()).as(where()).isEqualTo(others.size());
        assertThat(receipt.accepted()).as(where()).isEqualTo(fresh.size());
        acknowledged(org, fresh);
    }

    private void sendFromTwoThreads(Org org) throws Exception {
        List<Event> fresh = newEvents(20 + random.nextInt(200));
        List<Event> one = new ArrayList<>(fresh.subList(0, fresh.size() * 3 / 4));
        List<Event> other = new ArrayList<>(fresh.subList(fresh.size() / 4, fresh.size()));
        one.addAll(some(org, 30));
        Collections.shuffle(one, random);
        Collections.shuffle(other, random);
        log.add("%s receives %d from two threads".formatted(org.scope().org(), fresh.size()));
        Future<IngestReceipt> first =
                threads.submit(() -> smartData.ingest(org.scope()).events(one));
        Future<IngestReceipt> second =
                threads.submit(() -> smartData.ingest(org.scope()).events(other));
        assertThat(first.get().accepted() + second.get().accepted()).as(where()).isEqualTo(fresh.size());
        acknowledged(org, fresh);
    }

    private void rollBack(Org org) throws SQLException {
        List<Event> events = newEvents(1 + random.nextInt(40));
        boolean commit = random.nextInt(3) == 0;
        log.add("%s joins a transaction, commit %s".formatted(org.scope().org(), commit));
        try (Connection host = site.begun()) {
            smartData.within(JdbcStorage.joining(host)).ingest(org.scope()).events(events);
            if (commit) {
                host.commit();
                acknowledged(org, events);
            } else {
                host.rollback();
            }
        }
    }

    /** Like a crash: the call that was under way may or may not have been done. Sending again is safe. */
    private void loseTheConnection(Org org) {
        Failure failure = Failure.values()[random.nextInt(Failure.values().length)];
        Fault fault = site.dataSource().failAt(1 + random.nextInt(14), failure);
        log.add("%s meets %s".formatted(org.scope().org(), fault));
        List<Event> events = newEvents(1 + random.nextInt(80));
        boolean ingest = random.nextInt(3) > 0;
        boolean lost = false;
        try {
            if (ingest) {
                smartData.ingest(org.scope()).events(events);
            } else {
                smartData.kpis(org.scope()).compact();
            }
        } catch (SmartDataException e) {
            lost = true;
        } finally {
            site.dataSource().stop();
        }
        if (ingest && !lost) {
            acknowledged(org, events);
        } else if (ingest) {
            events.forEach(event -> org.uncertain().put(id(event), event));
            if (random.nextBoolean()) {
                send(org, events);
            }
        }
    }

    private void compact(Org org) {
        log.add("%s compacts".formatted(org.scope().org()));
        if (random.nextBoolean()) {
            smartData.maintenance().compact(Duration.ofSeconds(10));
        } else {
            smartData.kpis(org.scope()).compact();
        }
    }

    private void rebuild(Org org) {
        LocalDate from = LocalDate.of(2026, 3, 25).plusDays(random.nextInt(8));
        log.add("%s rebuilds from %s".formatted(org.scope().org(), from));
        Verification before = smartData.kpis(org.scope()).rebuild(from, from.plusDays(1 + random.nextInt(8)));
        assertThat(before.differences()).as(where()).isEmpty();
    }

    private void changeZone(Org org) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        log.add("%s moves to %s".formatted(org.scope().org(), zone));
        smartData.kpis(org.scope()).changeZone(zone);
    }

    private String where() {
        return "seed %d after %s".formatted(seed, log);
    }

    private void check(Org org) throws SQLException {
        checkStored(org);
        for (boolean byCountry : new boolean[] {false, true}) {
            Map<Place, Recount> orders = recount(org, "order", byCountry);
            compare(org, "orders", byCountry, orders, r -> BigDecimal.valueOf(r.events()));
            compare(org, "revenue", byCountry, orders, r -> money(r.sum()));
            compare(org, "cheapest", byCountry, orders, r -> money(r.min()));
            compare(org, "dearest", byCountry, orders, r -> money(r.max()));
            compare(org, "basket", byCountry, orders, RandomHistory::mean);
            compare(org, "last_price", byCountry, orders, r -> money(r.latest()));
            compare(org, "buyers", byCountry, ofSubjects(orders), r -> BigDecimal.valueOf(r.subjects()));
        }
        Map<Place, Recount> visits = recount(org, "visit", false);
        compare(org, "visit.count", false, visits, r -> BigDecimal.valueOf(r.events()));
        compare(org, "visit.sum", false, visits, r -> money(r.sum()));
        compare(org, "visit.avg", false, visits, RandomHistory::mean);
        compare(org, "visit.distinct", false, ofSubjects(visits), r -> BigDecimal.valueOf(r.subjects()));
        Verification verified = smartData.kpis(org.scope()).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verified.differences()).as(where()).isEmpty();
    }

    /** What was acknowledged is there; what is there was acknowledged, or its answer was lost. */
    private void checkStored(Org org) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (PreparedStatement query = reader.prepareStatement(
                "SELECT event_id_text FROM (%s) e".formatted(site.localEvents(ZoneOffset.UTC)))) {
            query.setString(1, org.scope().org().value());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    assertThat(ids.add(rows.getString(1))).as(where()).isTrue();
                }
            }
        }
        assertThat(ids).as(where()).containsAll(org.stored().keySet());
        ids.removeAll(org.stored().keySet());
        assertThat(org.uncertain().keySet()).as(where()).containsAll(ids);
    }

    private Map<Place, Recount> recount(Org org, String name, boolean byCountry) throws SQLException {
        ZoneId zone = smartData.kpis(org.scope()).settings().zone();
        String country = byCountry ? "country" : "''";
        String sql = """
                SELECT source, day, country, COUNT(*), COUNT(cents), SUM(cents), MIN(cents), MAX(cents),
                    MAX(CASE WHEN newest = 1 THEN cents END), COUNT(DISTINCT subject), COUNT(subject)
                FROM (SELECT source, day, %1$s AS country, cents, subject, ROW_NUMBER() OVER (
                            PARTITION BY source, day, %1$s ORDER BY (cents IS NULL), occurred_at DESC, event_id DESC) AS newest
                      FROM (%2$s) l
                      WHERE name = '%3$s') n
                GROUP BY source, day, country
                """.formatted(country, site.localEvents(zone), name);
        Map<Place, Recount> counted = new HashMap<>();
        try (PreparedStatement query = reader.prepareStatement(sql)) {
            query.setString(1, org.scope().org().value());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    counted.put(
                            new Place(row.getString(1), row.getString(2), row.getString(3)),
                            new Recount(
                                    row.getLong(4),
                                    row.getLong(5),
                                    number(row, 6),
                                    number(row, 7),
                                    number(row, 8),
                                    number(row, 9),
                                    row.getLong(10),
                                    row.getLong(11)));
                }
            }
        }
        return counted;
    }

    /** Events that have a subject are behind a count of subjects. */
    private static Map<Place, Recount> ofSubjects(Map<Place, Recount> recount) {
        Map<Place, Recount> some = new HashMap<>();
        recount.forEach((place, counted) -> {
            if (counted.withSubject() > 0) {
                some.put(place, counted.behindSubjects());
            }
        });
        return some;
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private static @Nullable BigDecimal money(@Nullable Long cents) {
        return cents == null ? null : BigDecimal.valueOf(cents, 2);
    }

    private static @Nullable BigDecimal mean(Recount recount) {
        return recount.sum() == null
                ? null
                : requireNonNull(money(recount.sum()))
                        .divide(BigDecimal.valueOf(recount.values()), MathContext.DECIMAL64);
    }

    private void compare(
            Org org,
            String kpi,
            boolean byCountry,
            Map<Place, Recount> recount,
            Function<Recount, @Nullable BigDecimal> figure) {
        Map<Place, String> expected = new HashMap<>();
        recount.forEach((place, counted) -> expected.put(place, text(figure.apply(counted), counted.events())));
        Map<Place, String> actual = new HashMap<>();
        KpiQuery query = KpiQuery.of(kpi)
                .between(CellRange.FIRST_DAY, CellRange.END)
                .keepSources()
                .dimension(byCountry ? "country" : null);
        for (KpiPoint point : smartData.kpis(org.scope()).series(query).points()) {
            if (point.events() > 0) {
                actual.put(
                        new Place(point.source(), point.bucket(), point.dimension()),
                        text(point.value(), point.events()));
            }
        }
        assertThat(actual).as("%s of %s, %s", kpi, org.scope().org(), where()).isEqualTo(expected);
    }

    private static String text(@Nullable BigDecimal value, long events) {
        return (value == null ? "nothing" : value.stripTrailingZeros().toPlainString()) + " of " + events;
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        reader.close();
        smartData.close();
    }
}
