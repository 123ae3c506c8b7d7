package io.smartdata.core.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.kpi.BucketPoint;
import io.smartdata.core.kpi.Comparison;
import io.smartdata.core.kpi.Top;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looking at stored events, and at the figures made of them over a range. */
public abstract class EventsContract {
    private static final long SEED = 20261121;

    /** A night with two hours named 2, a night with none, and a zone whose days begin at no UTC midnight. */
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private static final LocalDate FIRST = LocalDate.of(2026, 3, 27);
    private static final LocalDate END = LocalDate.of(2026, 4, 2);
    private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");
    private static final StoredEventFilter ANY = StoredEventFilter.any();

    private @Nullable Storage storage;
    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storage = newStorage();
        opened = SmartData.builder()
                .storage(storage)
                .kpis(KpiCatalog.of(
                        Kpi.sum("revenue").event("paid").dimension("country"),
                        Kpi.count("steps").event("step_*").grain(Grain.HOUR).dimension("country"),
                        Kpi.distinct("people").event("*"),
                        Kpi.avg("big").event("paid").where("country", "DE", "FR"),
                        Kpi.ratio("paying", "paid", "step_*")))
                .orgZone(ZONE)
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC))
                .build();
    }

    @AfterEach
    final void close() {
        smartData().close();
    }

    private SmartData smartData() {
        return requireNonNull(opened);
    }

    private static OrgScope scope(String org, Permission... more) {
        return OrgScope.request(
                AccessPolicy.singleOperator(), Caller.of("tester"), OrgId.of(org), Permission.VIEW, more);
    }

    private static OrgScope all(String org) {
        return scope(org, Permission.INGEST, Permission.OPERATE, Permission.VIEW_SENSITIVE, Permission.VIEW_SUBJECTS);
    }

    private Events events(String org) {
        return smartData().events(all(org));
    }

    private void ingest(String org, Event... events) {
        smartData().ingest(all(org)).events(List.of(events));
    }

    private List<StoredEvent> stored(String org) {
        List<StoredEvent> found = new ArrayList<>();
        requireNonNull(storage).events().scan(all(org), EventRange.all(), found::add);
        return found;
    }

    private static Event.Builder event(String id) {
        return Event.named("paid", NOON).id(id).source("shop").subject("anna").session("s1");
    }

    private static Event at(String id, Instant time, long value) {
        return Event.named("paid", time)
                .id(id)
                .source("shop")
                .subject("anna")
                .value(value)
                .build();
    }

    private static Event[] randomEvents(int count, Random random) {
        Instant start = FIRST.atStartOfDay(ZONE).toInstant();
        long seconds =
                Duration.between(start, END.atStartOfDay(ZONE).toInstant()).toSeconds();
        return IntStream.range(0, count)
                .mapToObj(i -> Event.named(
                                List.of("paid", "step_1", "step_2").get(random.nextInt(3)),
                                edge(start.plusSeconds(random.nextLong(seconds)), random))
                        .id(new UUID(random.nextLong(), random.nextLong()).toString())
                        .source(random.nextBoolean() ? "shop" : "app")
                        .subject(random.nextInt(5) == 0 ? null : "sub-" + random.nextInt(9))
                        .value(random.nextInt(5) == 0 ? null : BigDecimal.valueOf(random.nextInt(1000), 2))
                        .properties(
                                random.nextInt(4) == 0
                                        ? Map.of()
                                        : Map.of(
                                                "country",
                                                List.of("DE", "FR", "other").get(random.nextInt(3))))
                        .build())
                .toArray(Event[]::new);
    }

    /** A third of them at the very beginning or end of an hour. */
    private static Instant edge(Instant time, Random random) {
        Instant hour = time.minusSeconds(Math.floorMod(time.getEpochSecond(), 3600L));
        return switch (random.nextInt(6)) {
            case 0 -> hour;
            case 1 -> hour.minusNanos(1_000);
            default -> time;
        };
    }

    private List<StoredEvent> pages(String org, StoredEventFilter filter, int limit) {
        List<StoredEvent> shown = new ArrayList<>();
        EventQuery query = EventQuery.of(filter, limit);
        boolean more = true;
        while (more) {
            EventsPage page = events(org).page(query);
            shown.addAll(page.events());
            query = query.after(page.next());
            assertThat(page.more()).isEqualTo(page.next() != null);
            more = page.more();
        }
        return shown;
    }

    @Test
    void pagesShowEveryStoredEventOnce() {
        ingest("acme", randomEvents(120, new Random(SEED)));
        assertThat(pages("acme", ANY, 7)).isEqualTo(stored("acme"));
        assertThat(pages("acme", ANY.withName("paid").withSubject("sub-1"), 2))
                .isEqualTo(stored("acme").stream()
                        .filter(ANY.withName("paid").withSubject("sub-1")::accepts)
                        .toList());
    }

    @Test
    void whoFollowsArrivalsSeesEachEventOnceAsItComes() {
        ingest("acme", event("early").build());
        String now = events("acme").now(ANY);
        ingest("acme", event("a").build());
        EventsPage first = events("acme").arrivals(EventQuery.of(ANY, 10).after(now));
        assertThat(first.events()).extracting(stored -> stored.event().id()).containsExactly(EventId.of("a"));
        assertThat(first.more()).isFalse();
        ingest("acme", at("b", NOON.minus(Duration.ofDays(30)), 1));
        EventsPage second = events("acme").arrivals(EventQuery.of(ANY, 10).after(first.next()));
        assertThat(second.events()).extracting(stored -> stored.event().id()).containsExactly(EventId.of("b"));
        assertThat(events("acme")
                        .arrivals(EventQuery.of(ANY, 10).after(second.next()))
                        .events())
                .isEmpty();
        assertThat(events("acme").arrivals(EventQuery.of(ANY, 10)).events()).hasSize(3);
    }

    @Test
    void aCursorServesOnlyTheRequestItCameFrom() {
        ingest("acme", randomEvents(30, new Random(SEED)));
        ingest("globex", randomEvents(30, new Random(SEED)));
        String cursor =
                requireNonNull(events("acme").page(EventQuery.of(ANY, 5)).next());
        String arrival =
                requireNonNull(events("acme").arrivals(EventQuery.of(ANY, 5)).next());
        String behind = requireNonNull(events("acme")
                .behind(BucketPoint.of("people", "2026-01-01").grain(Grain.YEAR), 5, null)
                .next());
        assertThat(events("acme").page(EventQuery.of(ANY, 9).after(cursor)).events())
                .as("another limit is the same request")
                .hasSize(9);
        for (String foreign : List.of(
                arrival,
                behind,
                requireNonNull(events("globex").page(EventQuery.of(ANY, 5)).next()),
                requireNonNull(events("acme")
                        .page(EventQuery.of(ANY.withSource("shop"), 2))
                        .next()),
                "",
                "AAAA",
                "no base 64 at all!",
                "A".repeat(10_000),
                cursor + "A",
                cursor.substring(1),
                (cursor.charAt(0) == 'A' ? "B" : "A") + cursor.substring(1))) {
            assertThatThrownBy(() -> events("acme").page(EventQuery.of(ANY, 5).after(foreign)))
                    .as(foreign)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"))
                    .hasMessageStartingWith("The cursor does not belong to this request.");
        }
        assertThatThrownBy(() -> events("globex").arrivals(EventQuery.of(ANY, 5).after(arrival)))
                .isInstanceOf(SmartDataException.class)
                .hasMessageStartingWith("The cursor does not belong to this request.");
    }

    @Test
    void whatNoEventCanHaveIsRefusedAndTimesOutsideAreNoMatter() {
        ingest("acme", event("a").build());
        for (StoredEventFilter filter : List.of(
                ANY.withSubject("nul\0"),
                ANY.withEntity("\uD83D"),
                ANY.withName(""),
                ANY.withSource("x".repeat(256)))) {
            assertThatThrownBy(() -> events("acme").page(EventQuery.of(filter, 5)))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"));
        }
        for (int limit : new int[] {0, -1, Events.MAX_PAGE + 1}) {
            assertThatThrownBy(() -> events("acme").arrivals(EventQuery.of(ANY, limit)))
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"));
        }
        assertThat(pages("acme", ANY.between(Instant.MIN, Instant.MAX).withReceivedSince(Instant.MIN), 5))
                .hasSize(1);
    }

    @Test
    void payloadsAndSubjectsAreShownToThoseWhoMaySeeThem() {
        ingest("acme", event("a").build());
        assertThatThrownBy(() -> smartData().events(scope("acme", Permission.VIEW_SUBJECTS)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        Events withoutSubjects = smartData().events(scope("acme", Permission.VIEW_SENSITIVE));
        assertThatThrownBy(() -> withoutSubjects.page(EventQuery.of(ANY.withSubject("anna"), 5)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        for (EventsPage page : List.of(
                withoutSubjects.page(EventQuery.of(ANY, 5)),
                withoutSubjects.arrivals(EventQuery.of(ANY, 5)),
                withoutSubjects.behind(BucketPoint.of("revenue", "2026-03-27"), 5, null))) {
            assertThat(page.events()).hasSize(1);
            assertThat(page.events().toString()).doesNotContain("anna").doesNotContain("s1");
        }
        assertThat(events("acme")
                        .page(EventQuery.of(ANY, 5))
                        .events()
                        .get(0)
                        .event()
                        .subject())
                .isEqualTo("anna");
    }

    @Test
    void behindEachPointAreExactlyAsManyEventsAsItCounts() {
        ingest("acme", randomEvents(400, new Random(SEED)));
        int points = 0;
        for (KpiQuery query : List.of(
                range("revenue"),
                range("revenue").dimension("country"),
                range("revenue").keepSources(),
                range("steps"),
                range("steps").grain(Grain.DAY).dimension("country"),
                range("people").grain(Grain.WEEK),
                range("people").grain(Grain.MONTH).source("shop"),
                range("big"),
                range("paying").keepSources())) {
            for (KpiPoint point : smartData().kpis(all("acme")).series(query).points()) {
                Set<UUID> ids = new HashSet<>();
                List<StoredEvent> behind = behind(named(query, point), 13);
                behind.forEach(stored -> ids.add(
                        new UUID(stored.event().id().high(), stored.event().id().low())));
                assertThat(ids).as("seed %d, %s, %s", SEED, query, point).hasSize((int) point.events());
                assertThat(behind).hasSize(ids.size());
                points++;
            }
        }
        assertThat(points).isGreaterThan(150);
    }

    private static KpiQuery range(String kpi) {
        return KpiQuery.of(kpi).between(LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1));
    }

    private static BucketPoint named(KpiQuery query, KpiPoint point) {
        String source = query.bySource() ? point.source() : query.source();
        String value = query.dimension() == null ? null : point.dimension();
        return new BucketPoint(query.kpi(), query.grain(), point.bucket(), source, query.dimension(), value);
    }

    private List<StoredEvent> behind(BucketPoint point, int limit) {
        List<StoredEvent> shown = new ArrayList<>();
        String cursor = null;
        do {
            EventsPage page = events("acme").behind(point, limit, cursor);
            shown.addAll(page.events());
            cursor = page.next();
        } while (cursor != null);
        return shown;
    }

    @Test
    void aBucketThatIsNoneIsRefused() {
        ingest("acme", event("a").build());
        for (BucketPoint point : List.of(
                BucketPoint.of("revenue", "yesterday"),
                BucketPoint.of("revenue", "2026-02-30"),
                BucketPoint.of("revenue", "2026-03-27T10+01:00"),
                BucketPoint.of("people", "2026-03-27").grain(Grain.WEEK),
                BucketPoint.of("steps", "2026-03-27"),
                BucketPoint.of("steps", "2026-03-27T99+01:00"),
                BucketPoint.of("steps", "2026-03-27T10+99:00"),
                BucketPoint.of("steps", "2026-03-27T"),
                BucketPoint.of("steps", ""))) {
            assertThatThrownBy(() -> events("acme").behind(point, 5, null))
                    .as("%s", point)
                    .isInstanceOfSatisfying(
                            SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"));
        }
        assertThatThrownBy(() -> events("acme").behind(BucketPoint.of("nothing", "2026-03-27"), 5, null))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_kpi"));
        assertThat(events("acme")
                        .behind(BucketPoint.of("revenue", "9999-12-31"), 5, null)
                        .events())
                .isEmpty();
    }

    @Test
    void aTopListHasTheGreatestValuesTheRestAndTheirShares() {
        Event[] events = randomEvents(300, new Random(SEED));
        ingest("acme", events);
        Map<String, BigDecimal> sums = new HashMap<>();
        BigDecimal all = BigDecimal.ZERO;
        for (Event event : events) {
            if (event.name().equals("paid") && event.value() != null) {
                String json = event.properties().json();
                String country = List.of("DE", "FR", "other").stream()
                        .filter(json::contains)
                        .findFirst()
                        .orElse("");
                sums.merge(country, event.value(), BigDecimal::add);
                all = all.add(event.value());
            }
        }
        Top top = smartData().kpis(all("acme")).top("revenue", "country", FIRST, END, 2);
        List<String> ranked = sums.entrySet().stream()
                .sorted(Map.Entry.<String, BigDecimal>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        assertThat(top.values()).extracting(Top.Value::value).isEqualTo(ranked.subList(0, 2));
        for (Top.Value value : top.values()) {
            assertThat(value.figure()).isEqualByComparingTo(sums.get(value.value()));
            assertThat(value.share())
                    .isEqualByComparingTo(
                            requireNonNull(sums.get(value.value())).divide(all, MathContext.DECIMAL64));
        }
        assertThat(top.total()).isEqualByComparingTo(all);
        assertThat(requireNonNull(top.rest()).values()).isEqualTo(ranked.size() - 2);
        assertThat(requireNonNull(top.rest()).figure())
                .isEqualByComparingTo(sums.get(ranked.get(2)).add(sums.get(ranked.get(3))));
        assertThat(smartData()
                        .kpis(all("acme"))
                        .top("revenue", "country", FIRST, END, 4)
                        .rest())
                .isNull();
        Top nothing = smartData().kpis(all("acme")).top("revenue", "country", END, END.plusDays(3), 4);
        assertThat(nothing.values()).isEmpty();
        assertThat(nothing.total()).isNull();
    }

    @Test
    void aComparisonSaysHowMuchMoreOrWhyItCannot() {
        Instant day = Instant.parse("2026-03-10T12:00:00Z");
        ingest(
                "acme",
                at("a", day, 200),
                at("b", day.plus(Duration.ofDays(2)), 150),
                at("c", day.minus(Duration.ofDays(365)), 100));
        LocalDate from = LocalDate.of(2026, 3, 12);
        Comparison down = compare(KpiQuery.of("revenue").between(from, from.plusDays(2)));
        assertThat(down.verdict()).isEqualTo(Comparison.Verdict.COMPARABLE);
        assertThat(down.current().value()).isEqualByComparingTo("150");
        assertThat(down.previous().value()).isEqualByComparingTo("200");
        assertThat(down.previous().from()).isEqualTo(from.minusDays(2));
        assertThat(down.change()).isEqualByComparingTo("-50");
        assertThat(down.percent()).isEqualByComparingTo("-25");
        Comparison missing = compare(KpiQuery.of("revenue").between(from.plusDays(2), from.plusDays(4)));
        assertThat(missing.verdict()).isEqualTo(Comparison.Verdict.NO_FIGURE);
        assertThat(missing.current().value()).isNull();
        assertThat(missing.change()).isNull();
        Comparison first =
                compare(KpiQuery.of("revenue").between(LocalDate.of(2025, 3, 10), LocalDate.of(2025, 3, 12)));
        assertThat(first.verdict()).isEqualTo(Comparison.Verdict.NO_PREVIOUS_FIGURE);
        Comparison early = compare(KpiQuery.of("revenue").between(LocalDate.of(2026, 3, 12), LocalDate.of(2027, 4, 1)));
        assertThat(early.current().to()).as("as far as days are over").isBefore(LocalDate.of(2027, 4, 1));
        Comparison year = smartData()
                .kpis(all("acme"))
                .compare(
                        KpiQuery.of("revenue").between(LocalDate.of(2026, 3, 10), LocalDate.of(2026, 3, 11)),
                        Comparison.With.LAST_YEAR);
        assertThat(year.percent()).isEqualByComparingTo("100");
        Comparison begun = smartData()
                .kpis(all("acme"))
                .compare(
                        KpiQuery.of("revenue").between(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 4, 1)),
                        Comparison.With.LAST_YEAR);
        assertThat(begun.verdict()).isEqualTo(Comparison.Verdict.HISTORY_TOO_SHORT);
        assertThat(begun.previous().value()).isEqualByComparingTo("100");
        assertThat(begun.percent()).isNull();
        Comparison future = compare(KpiQuery.of("revenue").between(LocalDate.of(2999, 1, 1), LocalDate.of(2999, 2, 1)));
        assertThat(future.verdict()).isEqualTo(Comparison.Verdict.NOT_OVER);
    }

    private Comparison compare(KpiQuery query) {
        return smartData().kpis(all("acme")).compare(query, Comparison.With.PREVIOUS_PERIOD);
    }
}
