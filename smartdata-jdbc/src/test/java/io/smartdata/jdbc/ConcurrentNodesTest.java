package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.RetryLaterException;
import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.Kpis;
import io.smartdata.event.Event;
import io.smartdata.event.IngestReceipt;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.promise.Trials;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two nodes ingest while cells are compacted and rebuilt and the org's zone and KPI definitions change: every answer equals a
 * recount in plain Java of the events that were there at the moment of the answer.
 */
@Timeout(3600)
class ConcurrentNodesTest {
    private static final int BATCHES_A_SENDER = Trials.rounds(25, 300);
    private static final int SENDERS_A_NODE = 2;
    private static final int IDS = 40 * BATCHES_A_SENDER;
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("Australia/Lord_Howe"), ZoneId.of("Pacific/Apia"));
    private static final List<String> COUNTRIES = List.of("DE", "US", "FR");

    /** Names the definitions in force, for {@code revenue} means something else in each. */
    private static final String MARK = "only_some";

    private static final KpiCatalog ALL = KpiCatalog.of(
            Kpi.sum("revenue").event("order").dimension("country"),
            Kpi.distinct("buyers").event("order").dimension("country"));
    private static final KpiCatalog SOME = KpiCatalog.of(
            Kpi.sum("revenue").event("order").where("country", "DE", "US").dimension("country"),
            Kpi.distinct("buyers").event("order").where("country", "DE", "US").dimension("country"),
            Kpi.count(MARK).event("order"));

    private final long seed = Trials.seed();
    private final AtomicBoolean sent = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    void everyAnswerIsARecountAtItsMoment(Engine engine) throws Exception {
        InterceptedDataSource dataSource = engine.newDataSource();
        List<Node> nodes = List.of(new Node(dataSource), new Node(dataSource));
        nodes.get(0).send(List.of(event(0)));
        ExecutorService threads = Executors.newCachedThreadPool();
        boolean proven = false;
        try {
            Set<String> stored = live(nodes, dataSource, threads);
            Node node = nodes.get(0);
            assertThat(node.kpis().verify(CellRange.FIRST_DAY, CellRange.END).differences())
                    .as("seed %d", seed)
                    .isEmpty();
            node.check("revenue");
            assertThat(node.witness.account().events())
                    .as("seed %d: what was sent is there", seed)
                    .extracting(event -> event.id().text())
                    .containsExactlyInAnyOrderElementsOf(stored);
            assertThat(changes.get()).as("changes of zone and definitions").isGreaterThan(3);
            proven = true;
        } finally {
            threads.shutdownNow();
            String note = "while zone or definitions changed %d times".formatted(changes.get());
            Trials.report("P6", "answers of two nodes, " + engine, Math.max(1, answers.get()), proven ? 0 : 1, note);
        }
    }

    private Set<String> live(List<Node> nodes, InterceptedDataSource dataSource, ExecutorService threads)
            throws Exception {
        List<Future<?>> others = new ArrayList<>();
        List<Future<Set<String>>> senders = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            for (int sender = 0; sender < SENDERS_A_NODE; sender++) {
                Random random = new Random(seed + 10L * i + sender);
                senders.add(threads.submit(() -> node.sendAll(random)));
            }
            others.add(threads.submit(
                    untilSent(seed + 100 + i, random -> node.check(random.nextBoolean() ? "revenue" : "buyers"))));
        }
        others.add(threads.submit(untilSent(
                seed + 200, random -> nodes.get(0).smartData.maintenance().compact(Duration.ofSeconds(1)))));
        others.add(threads.submit(untilSent(seed + 201, random -> nodes.get(1).rebuild(random))));
        others.add(threads.submit(untilSent(seed + 202, random -> changeZone(nodes.get(1), random))));
        others.add(threads.submit(untilSent(seed + 203, random -> changeKpis(dataSource, random))));
        Set<String> stored = new HashSet<>(Set.of("e0"));
        try {
            for (Future<Set<String>> sender : senders) {
                stored.addAll(sender.get());
            }
        } finally {
            sent.set(true);
        }
        for (Future<?> other : others) {
            other.get();
        }
        return stored;
    }

    private interface Act {
        void run(Random random) throws Exception;
    }

    private Callable<Void> untilSent(long actSeed, Act act) {
        Random random = new Random(actSeed);
        return () -> {
            while (!sent.get()) {
                act.run(random);
            }
            return null;
        };
    }

    private void changeZone(Node node, Random random) {
        retrying(() -> node.kpis().changeZone(ZONES.get(random.nextInt(ZONES.size()))));
        changes.incrementAndGet();
    }

    /** As a deployment does: a process starts with other definitions. */
    private void changeKpis(InterceptedDataSource dataSource, Random random) {
        retrying(() -> SmartData.builder()
                .storage(JdbcStorage.of(dataSource))
                .kpis(random.nextBoolean() ? ALL : SOME)
                .build());
        changes.incrementAndGet();
    }

    private static <R> R retrying(Supplier<R> work) {
        while (true) {
            try {
                return work.get();
            } catch (RetryLaterException | UnknownOutcomeException e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Always the same event under the same number. */
    private static Event event(int number) {
        Random random = new Random(number);
        return Event.named("order", Instant.parse("2026-03-27T00:00:00Z").plusSeconds(random.nextInt(10 * 86_400)))
                .id("e" + number)
                .source(random.nextBoolean() ? "app" : "shop")
                .subject("u" + random.nextInt(50))
                .value(BigDecimal.valueOf(random.nextInt(200_000) - 50_000, 2))
                .properties(Map.of("country", COUNTRIES.get(random.nextInt(COUNTRIES.size()))))
                .build();
    }

    /** Where a figure stands. */
    private record Place(String source, String day, String country) {}

    private final class Node {
        private final Witness witness = new Witness();
        private final SmartData smartData;
        private final OrgScope scope;

        Node(InterceptedDataSource dataSource) {
            smartData = SmartData.builder()
                    .storage(witness.beside(JdbcStorage.of(dataSource)))
                    .kpis(ALL)
                    .accessPolicy(AccessPolicy.singleOperator())
                    .build();
            scope = smartData
                    .access()
                    .scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
        }

        Kpis kpis() {
            return smartData.kpis(scope);
        }

        /** Nodes draw from the same ids, so many an event comes from both, some at the same time. */
        Set<String> sendAll(Random random) {
            Set<String> stored = new HashSet<>();
            for (int batch = 0; batch < BATCHES_A_SENDER; batch++) {
                List<Event> events = new ArrayList<>();
                int size = random.nextInt(10) == 0 ? 250 : 1 + random.nextInt(40);
                for (int i = 0; i < size; i++) {
                    events.add(event(random.nextInt(IDS)));
                }
                send(events);
                events.forEach(event -> stored.add(event.id().text()));
            }
            return stored;
        }

        void send(List<Event> events) {
            IngestReceipt receipt = retrying(() -> smartData.ingest(scope).events(events));
            assertThat(receipt.accepted() + receipt.duplicates()).isEqualTo(events.size());
        }

        void rebuild(Random random) {
            LocalDate from = LocalDate.of(2026, 3, 25).plusDays(random.nextInt(10));
            assertThat(retrying(() -> kpis().rebuild(from, from.plusDays(3))).differences())
                    .as("seed %d: before a rebuild", seed)
                    .isEmpty();
        }

        void check(String kpi) {
            KpiQuery query = KpiQuery.of(kpi)
                    .between(CellRange.FIRST_DAY, CellRange.END)
                    .keepSources()
                    .dimension("country");
            List<KpiPoint> points = retrying(() -> kpis().series(query)).points();
            Map<Place, String> answer = new HashMap<>();
            for (KpiPoint point : points) {
                if (point.events() > 0) {
                    answer.put(
                            new Place(point.source(), point.bucket(), point.dimension()),
                            text(point.value(), point.events()));
                }
            }
            assertThat(answer).as("%s, seed %d", kpi, seed).isEqualTo(recount(kpi, witness.account()));
            answers.incrementAndGet();
        }
    }

    private static Map<Place, String> recount(String kpi, Witness.Account account) {
        boolean some = account.definitions().contains(MARK);
        Map<Place, List<Event>> places = new HashMap<>();
        for (Event event : account.events()) {
            String country = country(event);
            if (!some || !country.equals("FR")) {
                String day =
                        LocalDate.ofInstant(event.occurredAt(), account.zone()).toString();
                places.computeIfAbsent(new Place(event.source(), day, country), place -> new ArrayList<>())
                        .add(event);
            }
        }
        Map<Place, String> recount = new HashMap<>();
        places.forEach((place, events) -> recount.put(place, text(figure(kpi, events), events.size())));
        return recount;
    }

    private static String country(Event event) {
        String json = event.properties().json();
        return COUNTRIES.stream().filter(json::contains).findFirst().orElseThrow();
    }

    private static BigDecimal figure(String kpi, List<Event> events) {
        return kpi.equals("buyers")
                ? BigDecimal.valueOf(
                        events.stream().map(Event::subject).distinct().count())
                : events.stream().map(Event::value).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String text(BigDecimal value, long events) {
        return value.stripTrailingZeros().toPlainString() + " of " + events;
    }
}
