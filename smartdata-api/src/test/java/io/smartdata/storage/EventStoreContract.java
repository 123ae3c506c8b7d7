package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.event.Properties;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellRange;
import io.smartdata.tenancy.OrgScope;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, receipts and the transaction that appends them. */
public abstract class EventStoreContract extends StorageContract {
    private static final byte[] HASH = {1, 2, 3};

    @Test
    void anEventIsAcceptedOnceAndThenADuplicate() {
        OrgScope acme = org("acme");
        Event event = event("a").value(5).build();
        assertThat(append(acme, event)).containsExactly(Outcome.ACCEPTED);
        assertThat(append(acme, event)).containsExactly(Outcome.DUPLICATE);
        assertThat(scan(acme)).extracting(StoredEvent::event).containsExactly(event);
    }

    @Test
    void otherContentUnderTheSameKeyIsAConflictAndTheFirstStays() {
        OrgScope acme = org("acme");
        Event first = event("a").value(5).build();
        append(acme, first);
        assertThat(append(acme, event("a").value(6).build())).containsExactly(Outcome.CONFLICT);
        assertThat(scan(acme)).extracting(StoredEvent::event).containsExactly(first);
    }

    @Test
    void withinOneListTheFirstOfEqualKeysWins() {
        OrgScope acme = org("acme");
        Event first = event("a").value(5).build();
        assertThat(append(
                        acme,
                        first,
                        event("b").build(),
                        event("a").value(5).build(),
                        event("a").value(6).build()))
                .containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.CONFLICT);
        assertThat(append(acme, event("a").value(6).build(), event("a").value(5).build()))
                .as("both are compared with what is stored")
                .containsExactly(Outcome.CONFLICT, Outcome.DUPLICATE);
    }

    @Test
    void theSameIdOnAnotherUtcDayIsAnotherEvent() {
        OrgScope acme = org("acme");
        Instant beforeMidnight = Instant.parse("2026-03-01T23:59:59.999999Z");
        Instant midnight = Instant.parse("2026-03-02T00:00:00Z");
        assertThat(append(
                        acme,
                        event("a", beforeMidnight).build(),
                        event("a", midnight).build()))
                .containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED);
    }

    /** Few and many: adapters may store them in different ways. */
    @ParameterizedTest
    @ValueSource(ints = {1, 300})
    void whereIdsAreTakenForeverTheSameIdOnAnotherDayIsAConflict(int events) {
        OrgScope acme = scope("acme");
        storage().orgs().ensure(acme, ZoneOffset.UTC, IdentityScope.FOREVER);
        Instant next = NOON.plus(Duration.ofDays(1));
        Event[] first = ids(events, NOON);
        assertThat(append(acme, first)).containsOnly(Outcome.ACCEPTED);
        assertThat(append(acme, first)).containsOnly(Outcome.DUPLICATE);
        assertThat(append(acme, ids(events, next))).containsOnly(Outcome.CONFLICT);
        assertThat(append(acme, event("new", NOON).build(), event("new", next).build()))
                .as("the first in the list takes the id")
                .containsExactly(Outcome.ACCEPTED, Outcome.CONFLICT);
        assertThat(append(acme, event("a0", next).source("app").build()))
                .as("another source")
                .containsExactly(Outcome.ACCEPTED);
        assertThat(scan(acme)).hasSize(events + 2);
    }

    private static Event[] ids(int count, Instant time) {
        return IntStream.range(0, count)
                .mapToObj(i -> event("a" + i, time).build())
                .toArray(Event[]::new);
    }

    @Test
    void theSameIdOfAnotherSourceIsAnotherEvent() {
        OrgScope acme = org("acme");
        assertThat(append(
                        acme,
                        event("a").source("shop").build(),
                        event("a").source("app").build()))
                .containsExactly(Outcome.ACCEPTED, Outcome.ACCEPTED);
    }

    @Test
    void nothingOfAnotherOrgIsSeen() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        UUID receipt = UUID.randomUUID();
        storage().events().append(globex, transaction -> {
            transaction.putReceipt(receipt(receipt, 1, true));
            return transaction.insert(List.of(candidate(event("a").value(5).build())));
        });
        assertThat(append(acme, event("a").value(6).build()))
                .as("an id that another org holds is free")
                .containsExactly(Outcome.ACCEPTED);
        assertThat(scan(acme)).hasSize(1);
        assertThat(storage().events().receipt(acme, receipt)).isEmpty();
        assertThat(storage().events().receipt(globex, receipt)).isPresent();
    }

    @Test
    void orgsWhoseNamesDifferOnlyInCaseAreTwoOrgs() {
        append(org("acme"), event("a").build());
        assertThat(scan(org("Acme"))).isEmpty();
    }

    @Test
    void anOrgThatWasNeverCreatedCannotBeAppendedTo() {
        assertThatThrownBy(() -> append(scope("nobody"), event("a").build()))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }

    @Test
    void anExceptionLeavesNothingBehind() {
        OrgScope acme = org("acme");
        UUID receipt = UUID.randomUUID();
        IllegalStateException failure = new IllegalStateException("in the middle");
        assertThatThrownBy(() -> storage().events().append(acme, transaction -> {
                    transaction.insert(List.of(candidate(event("a").build())));
                    transaction.addDeltas(1, List.of(delta("f", "2026-03-01", 1)));
                    transaction.addDeadLetters(List.of(DeadLetterStoreContract.letter(1)));
                    transaction.putReceipt(receipt(receipt, 1, true));
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(scan(acme)).isEmpty();
        assertThat(states(acme, CellRange.all())).isEmpty();
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(10))).isEmpty();
        assertThat(storage().events().receipt(acme, receipt)).isEmpty();
        assertThat(storage().orgs().sources(acme)).isEmpty();
        assertThat(append(acme, event("a").build())).containsExactly(Outcome.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "it's \"quoted\"; -- DROP TABLE",
                "tab\tand\nline\r\nends",
                "\uD83D\uDE00 \u00e9 e\u0301 \u200b \u202e",
                "back\\slash %s ? :name #event $1",
                " leading and trailing ",
                "null",
                "\uFFFF\uFFFE"
            })
    void textComesBackAsItWas(String text) {
        OrgScope acme = org("acme");
        Event event = Event.named(text, NOON)
                .id(text)
                .source(text)
                .subject(text)
                .entity(text)
                .session(text)
                .schemaVersion(text)
                .properties(Map.of(text, text))
                .build();
        append(acme, event);
        Event stored = scan(acme).get(0).event();
        assertThat(stored).isEqualTo(event);
        assertThat(stored.id().text()).isEqualTo(text);
    }

    @Test
    void theLongestTextsFit() {
        OrgScope acme = org("acme");
        String wide = "\uD83D\uDE00".repeat(100);
        Event event = Event.named(wide, NOON)
                .id("\u6F22".repeat(255))
                .source(wide)
                .subject("\u6F22".repeat(255))
                .properties(Map.of("text", "\u6F22".repeat(20_000)))
                .build();
        append(acme, event);
        assertThat(scan(acme).get(0).event()).isEqualTo(event);
        assertThat(append(acme, event)).containsExactly(Outcome.DUPLICATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-5",
                "1.10",
                "9007199254740993",
                "0.1",
                "1E+308",
                "1.7976931348623157E+308",
                "4.9E-324",
                "-123456789012345678901234567890.123456789012345678901234567890"
            })
    void decimalsAreExact(String decimal) {
        OrgScope acme = org("acme");
        append(acme, event("a").value(decimal).build());
        assertThat(scan(acme).get(0).event().value()).isEqualByComparingTo(new BigDecimal(decimal));
    }

    @Test
    void theLongestDecimalsAreExact() {
        OrgScope acme = org("acme");
        BigDecimal digits = new BigDecimal(new BigInteger("9".repeat(100)), 0);
        BigDecimal small = new BigDecimal(new BigInteger("7".repeat(100)), 400);
        append(acme, event("a").value(digits).build(), event("b").value(small).build());
        assertThat(scan(acme))
                .extracting(stored -> stored.event().value())
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactlyInAnyOrder(digits, small);
    }

    @Test
    void timesKeepTheirMicroseconds() {
        OrgScope acme = org("acme");
        List<Instant> times = List.of(
                Instant.EPOCH,
                Instant.parse("1999-12-31T23:59:59.999999Z"),
                Instant.parse("2262-04-12T00:00:00.000001Z"));
        times.forEach(time -> append(acme, event("a", time).build()));
        assertThat(scan(acme)).extracting(stored -> stored.event().occurredAt()).containsExactlyElementsOf(times);
    }

    @Test
    void propertiesKeepEveryCharacter() {
        OrgScope acme = org("acme");
        Properties properties = Properties.ofCanonicalJson(
                "{\"a\":1.00,\"b\":[1e5,null,true],\"c\":{\"z\":\"\\u0001\\n\\\"\"},\"d\":12345678901234567890}");
        append(acme, event("a").properties(properties).build());
        assertThat(scan(acme).get(0).event().properties().json()).isEqualTo(properties.json());
    }

    @Test
    void absentPartsStayAbsent() {
        OrgScope acme = org("acme");
        append(acme, event("a").build());
        Event stored = scan(acme).get(0).event();
        assertThat(stored.value()).isNull();
        assertThat(stored.subject()).isNull();
        assertThat(stored.schemaVersion()).isNull();
        assertThat(stored.properties().isEmpty()).isTrue();
    }

    @Test
    void storedEventsSayWhenAndWithWhichCallTheyCame() {
        OrgScope acme = org("acme");
        EventCandidate candidate = candidate(event("a").build());
        Instant told = storage().events().append(acme, transaction -> {
            transaction.insert(List.of(candidate));
            return transaction.receivedAt();
        });
        StoredEvent stored = scan(acme).get(0);
        assertThat(stored.receiptId()).isEqualTo(candidate.receiptId());
        assertThat(stored.receivedAt()).isEqualTo(told);
        assertThat(Duration.between(told, Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void theScanIsInOrderAndInRange() {
        OrgScope acme = org("acme");
        Instant next = NOON.plus(Duration.ofDays(1));
        append(
                acme,
                event("00000000-0000-0000-0000-000000000002").build(),
                event("f0000000-0000-0000-0000-000000000000").build(),
                event("00000000-0000-0000-0000-000000000001").build(),
                event("a").source("app").build(),
                event("a", next).build());
        List<String> found = scan(acme).stream()
                .map(stored -> stored.event().source() + " " + stored.event().id())
                .toList();
        assertThat(found).as("days in order").hasSize(5).endsWith("shop a");
        assertThat(found.indexOf("app a")).as("events of a source together").isIn(0, 3);
        assertThat(found)
                .as("ids in order")
                .containsSubsequence(
                        "shop 00000000-0000-0000-0000-000000000001",
                        "shop 00000000-0000-0000-0000-000000000002",
                        "shop f0000000-0000-0000-0000-000000000000");
        assertThat(scan(acme)).as("the same order each time").isEqualTo(scan(acme));
        assertThat(scan(acme, EventRange.between(NOON, next))).isEqualTo(4);
        assertThat(scan(acme, EventRange.between(NOON.plusNanos(1000), next.plusNanos(1000))))
                .isEqualTo(1);
        assertThat(scan(acme, new EventRange("app", Instant.EPOCH, next))).isEqualTo(1);
    }

    private long scan(OrgScope scope, EventRange range) {
        long[] found = {0};
        storage().events().scan(scope, range, event -> found[0]++);
        return found[0];
    }

    /** Adapters may store many events in another way than few. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 1500})
    void batchesOfEverySizeAnswerEachEventAlike(int size) {
        OrgScope acme = org("acme");
        Random random = new Random(size);
        Map<String, Event> expected = new HashMap<>();
        for (int batch = 0; batch < 4; batch++) {
            List<Event> events = new ArrayList<>();
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Event event = varied(random, size);
                Event first = expected.putIfAbsent(event.source() + event.id().text(), event);
                events.add(event);
                outcomes.add(
                        first == null
                                ? Outcome.ACCEPTED
                                : first.toString().equals(event.toString()) ? Outcome.DUPLICATE : Outcome.CONFLICT);
            }
            assertThat(append(acme, events.toArray(Event[]::new)))
                    .as("seed %d", size)
                    .isEqualTo(outcomes);
        }
        assertThat(scan(acme))
                .extracting(StoredEvent::event)
                .usingElementComparator(EventStoreContract::compareContent)
                .containsExactlyInAnyOrderElementsOf(expected.values());
    }

    /** Ids come again, one in three with other content. */
    private static Event varied(Random random, int size) {
        int id = random.nextInt(3 * size + 1);
        Random content = new Random(id + (random.nextInt(3) == 0 ? 1_000_000L : 0));
        List<String> texts =
                Arrays.asList(null, "x", "page/7", "\u00e9\u6F22\uD83D\uDE00", "tab\tquote\"", "y".repeat(200));
        Event.Builder event = event(id % 2 == 0 ? new UUID(id, ~id).toString() : "order-" + id)
                .source(id % 5 == 0 ? "app" : "shop")
                .subject(texts.get(content.nextInt(texts.size())))
                .entity(texts.get(content.nextInt(texts.size())))
                .session(texts.get(content.nextInt(texts.size())))
                .schemaVersion(texts.get(content.nextInt(texts.size())))
                .properties(Map.of("note", "n".repeat(content.nextInt(300)), "number", content.nextInt()));
        if (content.nextInt(10) > 0) {
            event.value(new BigDecimal(new BigInteger(content.nextInt(120), content), content.nextInt(30))
                    .multiply(BigDecimal.valueOf(content.nextInt(3) - 1L)));
        }
        return event.build();
    }

    /** Trailing zeros of a decimal may get lost. */
    private static int compareContent(Event a, Event b) {
        return content(a).compareTo(content(b));
    }

    private static String content(Event event) {
        BigDecimal value = event.value();
        return List.of(
                        event.id(),
                        event.source(),
                        event.name(),
                        event.occurredAt(),
                        value == null ? "none" : value.stripTrailingZeros().toPlainString(),
                        String.valueOf(event.subject()),
                        String.valueOf(event.entity()),
                        String.valueOf(event.session()),
                        String.valueOf(event.schemaVersion()),
                        event.properties().json())
                .toString();
    }

    @Test
    void aReceiptIsReplacedUnderTheSameId() {
        OrgScope acme = org("acme");
        UUID id = UUID.randomUUID();
        put(acme, receipt(id, 1, false));
        put(acme, receipt(id, 2, true));
        assertThat(storage().events().receipt(acme, id)).contains(receipt(id, 2, true));
    }

    @Test
    void anIdempotencyKeyGivesTheFirstReceiptForTheSameContentOnly() {
        OrgScope acme = org("acme");
        UUID first = UUID.randomUUID();
        assertThat(claim(acme, first, "key", HASH)).isEmpty();
        assertThat(claim(acme, UUID.randomUUID(), "key", HASH)).contains(receipt(first, 1, true));
        assertThatThrownBy(() -> claim(acme, UUID.randomUUID(), "key", new byte[] {9}))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("idempotency_key_reused"));
        assertThat(claim(acme, UUID.randomUUID(), "other key", HASH)).isEmpty();
        assertThat(claim(org("globex"), UUID.randomUUID(), "key", new byte[] {9}))
                .as("keys of another org are free")
                .isEmpty();
    }

    @Test
    void aCallThatNeverEndedLosesItsIdempotencyKey() {
        OrgScope acme = org("acme");
        storage().events().append(acme, transaction -> {
            UUID id = UUID.randomUUID();
            transaction.claim(id, "key", HASH);
            transaction.putReceipt(receipt(id, 1, false));
            return true;
        });
        assertThat(claim(acme, UUID.randomUUID(), "key", HASH)).isEmpty();
    }

    private Optional<StoredReceipt> claim(OrgScope scope, UUID receiptId, String key, byte[] hash) {
        return storage().events().append(scope, transaction -> {
            var earlier = transaction.claim(receiptId, key, hash);
            if (earlier.isEmpty()) {
                transaction.putReceipt(receipt(receiptId, 1, true));
            }
            return earlier;
        });
    }

    private void put(OrgScope scope, StoredReceipt receipt) {
        storage().events().append(scope, transaction -> {
            transaction.putReceipt(receipt);
            return true;
        });
    }

    private static StoredReceipt receipt(UUID id, long accepted, boolean complete) {
        return new StoredReceipt(id, "shop", accepted, accepted, 0, 0, 0, complete, "{\"accepted\":" + accepted + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300})
    void concurrentWritersOfOverlappingEventsStoreEachOnce(int batch) throws Exception {
        OrgScope acme = org("acme");
        int events = 12 * batch;
        int writers = 4;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Callable<Long>> calls = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                calls.add(writer(acme, events, batch, writer));
            }
            long accepted = 0;
            for (Future<Long> future : pool.invokeAll(calls)) {
                accepted += future.get();
            }
            assertThat(accepted).isEqualTo(events);
            assertThat(scan(acme)).hasSize(events);
        } finally {
            pool.shutdownNow();
        }
    }

    private Callable<Long> writer(OrgScope scope, int events, int batch, long seed) {
        List<Event> shuffled = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            shuffled.add(
                    event("event-" + i, NOON.plusSeconds(i * 600L)).value(i).build());
        }
        Collections.shuffle(shuffled, new Random(seed));
        return () -> {
            long accepted = 0;
            for (int from = 0; from < events; from += batch) {
                Event[] part = shuffled.subList(from, from + batch).toArray(Event[]::new);
                accepted += append(scope, part).stream()
                        .filter(outcome -> outcome == Outcome.ACCEPTED)
                        .count();
            }
            return accepted;
        };
    }
}
