package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.StoredEvent;
import io.smartdata.tenancy.OrgScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored events page by page, by their keys and in the order they arrived. */
public abstract class EventPagesContract extends StorageContract {
    private static final long SEED = 20261121;
    private static final int LOOKED = 1_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000})
    void pagesShowWhatAScanShowsInItsOrder(int limit) {
        OrgScope acme = org("acme");
        append(acme, randomEvents(200, new Random(SEED)));
        assertThat(pages(acme, StoredEventFilter.any(), limit, LOOKED)).isEqualTo(scan(acme));
    }

    @Test
    void aFilterLeavesOutWhatDoesNotMeetEachOfItsConditions() {
        OrgScope acme = org("acme");
        append(acme, randomEvents(300, new Random(SEED)));
        StoredEventFilter any = StoredEventFilter.any();
        for (StoredEventFilter filter : List.of(
                any.withSource("shop"),
                any.withSource("nobody"),
                any.withName("paid"),
                any.withSubject("sub-3"),
                any.withEntity("course/4"),
                any.withEntity("course/4/lesson/1"),
                any.between(NOON, NOON.plus(Duration.ofHours(30))),
                any.between(Instant.parse("2026-03-02T00:00:00Z"), Instant.parse("2026-03-03T00:00:00Z")),
                any.between(NOON, NOON),
                any.withReceivedSince(scan(acme).get(0).receivedAt()),
                any.withReceivedSince(Instant.parse("2999-01-01T00:00:00Z")),
                any.withSource("app").withName("paid").withSubject("sub-1").withEntity("course/42"))) {
            List<StoredEvent> wanted =
                    scan(acme).stream().filter(filter::accepts).toList();
            assertThat(pages(acme, filter, 5, 20)).as("%s", filter).isEqualTo(wanted);
            assertThat(arrivals(acme, filter, 5, 20)).as("%s", filter).containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void anEntityStandsForWhatLiesBelowIt() {
        OrgScope acme = org("acme");
        append(
                acme,
                event("self").entity("course/42").build(),
                event("below").entity("course/42/lesson/7").build(),
                event("beside").entity("course/421").build(),
                event("above").entity("course").build(),
                event("wild").entity("course_42/x").build(),
                event("none").build());
        assertThat(pages(acme, StoredEventFilter.any().withEntity("course/42"), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactlyInAnyOrder("self", "below");
        assertThat(pages(acme, StoredEventFilter.any().withEntity("course_42"), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactly("wild");
    }

    @Test
    void aPageLooksAtNoMoreThanItMayAndSaysWhereToGoOn() {
        OrgScope acme = org("acme");
        Event[] events = IntStream.range(0, 50)
                .mapToObj(
                        i -> event("e" + i).subject(i == 49 ? "rare" : "often").build())
                .toArray(Event[]::new);
        append(acme, events);
        StoredEventFilter rare = StoredEventFilter.any().withSubject("rare");
        EventPage first = storage().events().page(acme, new EventPageQuery(rare, null, 1, 10));
        assertThat(first.events().size() == 1 || first.next() != null)
                .as("a page that is not full says where to go on")
                .isTrue();
        assertThat(pages(acme, rare, 1, 10)).hasSize(1);
        assertThat(arrivals(acme, rare, 1, 10)).hasSize(1);
    }

    @Test
    void eventsThatComeBetweenPagesNeitherHideNorRepeatOthers() {
        OrgScope acme = org("acme");
        Random random = new Random(SEED);
        append(acme, randomEvents(100, random));
        List<StoredEvent> before = scan(acme);
        List<StoredEvent> shown = new ArrayList<>();
        EventPosition next = null;
        do {
            EventPage page =
                    storage().events().page(acme, new EventPageQuery(StoredEventFilter.any(), next, 9, LOOKED));
            shown.addAll(page.events());
            next = page.next();
            append(acme, randomEvents(10, random));
        } while (next != null && shown.size() < 1_000);
        assertThat(shown).as("seed %d", SEED).doesNotHaveDuplicates().containsAll(before);
    }

    @Test
    void nothingOfAnotherOrgIsOnAPage() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        append(globex, event("theirs").build());
        append(acme, event("ours").build());
        assertThat(pages(acme, StoredEventFilter.any(), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactly("ours");
        assertThat(arrivals(acme, StoredEventFilter.any(), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactly("ours");
        EventPosition theirs = EventPosition.of(event("theirs").build());
        assertThat(storage()
                        .events()
                        .page(acme, new EventPageQuery(StoredEventFilter.any(), theirs, 10, 10))
                        .events())
                .as("from a place of theirs on")
                .extracting(stored -> stored.event().id().text())
                .isSubsetOf("ours");
        assertThat(pages(scope("nobody"), StoredEventFilter.any(), 10, 10)).isEmpty();
        assertThat(arrivals(scope("nobody"), StoredEventFilter.any(), 10, 10)).isEmpty();
    }

    @Test
    void aSnapshotShowsThePagesOfItsMoment() {
        OrgScope acme = org("acme");
        append(acme, event("a").build());
        EventPageQuery query = new EventPageQuery(StoredEventFilter.any(), null, 10, 10);
        assertThat(storage()
                        .kpis()
                        .snapshot(acme, snapshot -> snapshot.page(query))
                        .events())
                .hasSize(1);
    }

    @Test
    void arrivalsStandInTheOrderOfTransactions() {
        OrgScope acme = org("acme");
        for (int i = 0; i < 30; i++) {
            append(acme, event("e" + i, NOON.minus(Duration.ofDays(i))).build());
        }
        assertThat(arrivals(acme, StoredEventFilter.any(), 4, 8))
                .extracting(stored -> stored.event().id().text())
                .containsExactly(IntStream.range(0, 30).mapToObj(i -> "e" + i).toArray(String[]::new));
    }

    @Test
    void aReaderOfArrivalsGoesOnWhereItEnded() {
        OrgScope acme = org("acme");
        Random random = new Random(SEED);
        List<StoredEvent> shown = new ArrayList<>();
        ArrivalPosition next = ArrivalPosition.START;
        for (int round = 0; round < 20; round++) {
            append(acme, randomEvents(random.nextInt(30), random));
            ArrivalPage page;
            do {
                page = storage().events().arrivals(acme, new ArrivalQuery(StoredEventFilter.any(), next, 7, 7));
                shown.addAll(page.events());
                assertThat(page.next()).isGreaterThanOrEqualTo(next);
                next = page.next();
            } while (page.more());
        }
        assertThat(shown).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(scan(acme));
        assertThat(storage().events().lastArrival(acme)).isEqualByComparingTo(next);
    }

    @Test
    void aLargeTransactionArrivesInManyPages() {
        OrgScope acme = org("acme");
        append(acme, randomEvents(2_500, new Random(SEED)));
        List<StoredEvent> all = arrivals(acme, StoredEventFilter.any(), 300, 300);
        assertThat(all).hasSize(2_500).doesNotHaveDuplicates();
        assertThat(arrivals(acme, StoredEventFilter.any(), 1000, 1000)).isEqualTo(all);
    }

    @Test
    void afterTheLastArrivalThereIsOnlyWhatComesLater() {
        OrgScope acme = org("acme");
        append(acme, event("before").build());
        ArrivalPosition now = storage().events().lastArrival(acme);
        ArrivalQuery query = new ArrivalQuery(StoredEventFilter.any(), now, 10, 10);
        assertThat(storage().events().arrivals(acme, query).events()).isEmpty();
        append(acme, event("after").build());
        assertThat(storage().events().arrivals(acme, query).events())
                .extracting(stored -> stored.event().id().text())
                .containsExactly("after");
    }

    @Test
    void whatIsTakenBackIsNoLongerAmongTheArrivalsAndComesAnewIfItIsSentAgain() {
        OrgScope acme = org("acme");
        append(acme, event("a").value(1).build(), event("b").build());
        EventSelection a = EventSelection.ofIds("shop", Set.of(EventId.of("a")));
        storage().events().correct(acme, correction -> {
            correction.delete(a);
            return correction.insert(List.of(candidate(event("a").value(2).build())));
        });
        assertThat(arrivals(acme, StoredEventFilter.any(), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactly("b", "a");
        storage().events().correct(acme, correction -> correction.delete(a));
        assertThat(arrivals(acme, StoredEventFilter.any(), 10, 10))
                .extracting(stored -> stored.event().id().text())
                .containsExactly("b");
    }

    /** Writers commit in whatever order they come to it; the reader reads while they do. */
    @Test
    void aReaderMissesNothingOfWritersThatOverlap() throws Exception {
        OrgScope acme = org("acme");
        int writers = 4;
        int transactions = 25;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int own = writer;
                running.add(threads.submit(() -> {
                    for (int i = 0; i < transactions; i++) {
                        append(
                                acme,
                                event("w%d-%d-a".formatted(own, i)).build(),
                                event("w%d-%d-b".formatted(own, i)).build());
                    }
                }));
            }
            List<StoredEvent> shown = new ArrayList<>();
            ArrivalPosition next = ArrivalPosition.START;
            boolean written = false;
            boolean more = true;
            while (!written || more) {
                written = running.stream().allMatch(Future::isDone);
                ArrivalPage page =
                        storage().events().arrivals(acme, new ArrivalQuery(StoredEventFilter.any(), next, 10, 20));
                shown.addAll(page.events());
                next = page.next();
                more = page.more() || !page.events().isEmpty();
            }
            for (Future<?> done : running) {
                done.get();
            }
            Set<EventId> ids = new HashSet<>();
            shown.forEach(stored -> ids.add(stored.event().id()));
            assertThat(shown).hasSize(writers * transactions * 2);
            assertThat(ids).hasSize(writers * transactions * 2);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<StoredEvent> pages(OrgScope scope, StoredEventFilter filter, int limit, int looked) {
        List<StoredEvent> shown = new ArrayList<>();
        EventPosition next = null;
        do {
            EventPage page =
                    storage().events().page(scope, new EventPageQuery(filter, next, limit, Math.max(limit, looked)));
            assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
            shown.addAll(page.events());
            next = page.next();
        } while (next != null);
        return shown;
    }

    private List<StoredEvent> arrivals(OrgScope scope, StoredEventFilter filter, int limit, int looked) {
        List<StoredEvent> shown = new ArrayList<>();
        ArrivalPage page = new ArrivalPage(List.of(), ArrivalPosition.START, true);
        while (page.more()) {
            page = storage()
                    .events()
                    .arrivals(scope, new ArrivalQuery(filter, page.next(), limit, Math.max(limit, looked)));
            assertThat(page.events()).hasSizeLessThanOrEqualTo(limit);
            shown.addAll(page.events());
        }
        return shown;
    }

    private static Event[] randomEvents(int count, Random random) {
        return IntStream.range(0, count)
                .mapToObj(i -> Event.named(
                                random.nextBoolean() ? "paid" : "seen",
                                NOON.plus(Duration.ofMinutes(random.nextInt(6_000))))
                        .id("e" + random.nextLong())
                        .source(List.of("shop", "app", "\uD83D\uDE00").get(random.nextInt(3)))
                        .subject(random.nextInt(4) == 0 ? null : "sub-" + random.nextInt(5))
                        .entity(random.nextInt(4) == 0 ? null : "course/4" + (random.nextBoolean() ? "2" : "/lesson/1"))
                        .value(random.nextInt(100))
                        .build())
                .toArray(Event[]::new);
    }
}
