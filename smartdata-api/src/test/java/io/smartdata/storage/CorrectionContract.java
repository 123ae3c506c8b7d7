package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgScope;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@link EventStore#correct} may do, and the rules for sources. */
public abstract class CorrectionContract extends StorageContract {
    private static final AuditEntry DECLARED = AuditEntry.done(AuditAction.CHANGE_SETTINGS, "sources", Map.of());

    private List<String> selected(OrgScope scope, EventSelection selection) {
        return storage().events().correct(scope, correction -> {
            List<String> ids = new ArrayList<>();
            correction.selected(selection, stored -> ids.add(stored.event().id().text()));
            ids.sort(null);
            return ids;
        });
    }

    private long delete(OrgScope scope, EventSelection selection) {
        return storage().events().correct(scope, correction -> correction.delete(selection));
    }

    private <R> R ask(OrgScope scope, AppendWork<R> question) {
        return storage().events().append(scope, question);
    }

    private static Set<EventId> ids(String... ids) {
        return Set.of(ids).stream().map(EventId::of).collect(Collectors.toSet());
    }

    @Test
    void aSelectionMeetsEveryConditionOfIt() {
        OrgScope acme = org("acme");
        append(
                acme,
                event("a").subject("anna").build(),
                event("b").subject("bert").build(),
                event("c", NOON.plus(Duration.ofDays(1))).subject("anna").build(),
                event("a").source("till").subject("anna").build());

        assertThat(selected(acme, EventSelection.ofSource("shop"))).containsExactly("a", "b", "c");
        assertThat(selected(acme, EventSelection.ofSource("shop").withSubject("anna")))
                .containsExactly("a", "c");
        assertThat(selected(acme, EventSelection.ofIds("shop", ids("a", "c", "x"))))
                .containsExactly("a", "c");
        assertThat(selected(acme, EventSelection.ofName("order_placed").between(NOON, NOON.plusNanos(1_000))))
                .containsExactly("a", "a", "b");
        assertThat(selected(acme, EventSelection.ofName("other"))).isEmpty();
        assertThat(selected(acme, EventSelection.ofSource("nowhere"))).isEmpty();
    }

    @Test
    void aSelectionOfManyIdsFindsThemAll() {
        OrgScope acme = org("acme");
        Event[] events = IntStream.range(0, 1_200)
                .mapToObj(i -> event("event-" + i).build())
                .toArray(Event[]::new);
        append(acme, events);
        Set<EventId> ids = IntStream.range(100, 1_200)
                .mapToObj(i -> EventId.of("event-" + i))
                .collect(Collectors.toSet());

        assertThat(delete(acme, EventSelection.ofIds("shop", ids))).isEqualTo(1_100);
        assertThat(scan(acme)).hasSize(100);
    }

    @Test
    void aReceiptSelectsWhatCameWithIt() {
        OrgScope acme = org("acme");
        EventCandidate first = candidate(event("a").build());
        storage().events().append(acme, transaction -> transaction.insert(List.of(first)));
        append(acme, event("b").build());

        assertThat(selected(acme, EventSelection.ofReceipt(first.receiptId()))).containsExactly("a");
        assertThat(selected(acme, EventSelection.ofReceipt(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void anotherOrgsEventsAreNeitherSelectedNorDeleted() {
        OrgScope acme = org("acme");
        OrgScope bolt = org("bolt");
        append(acme, event("a").build());
        append(bolt, event("a").build(), event("b").build());

        assertThat(delete(acme, EventSelection.ofSource("shop"))).isEqualTo(1);
        assertThat(scan(acme)).isEmpty();
        assertThat(scan(bolt)).hasSize(2);
    }

    @Test
    void aDeletedIdIsFreeAgain() {
        OrgScope acme = org("acme");
        append(acme, event("a").value(1).build());

        assertThat(delete(acme, EventSelection.ofIds("shop", ids("a")))).isEqualTo(1);
        assertThat(append(acme, event("a").value(2).build())).containsExactly(Outcome.ACCEPTED);
    }

    @Test
    void aDeletedIdThatWasTakenForeverIsFreeAgain() {
        OrgScope acme = scope("acme");
        storage().orgs().ensure(acme, ZoneOffset.UTC, IdentityScope.FOREVER);
        append(acme, event("a").build(), event("b").build());

        assertThat(delete(acme, EventSelection.ofIds("shop", ids("a")))).isEqualTo(1);
        Event onAnotherDay = event("a", NOON.plus(Duration.ofDays(3))).build();
        assertThat(append(acme, onAnotherDay)).containsExactly(Outcome.ACCEPTED);
        Event taken = event("b", NOON.plus(Duration.ofDays(3))).build();
        assertThat(append(acme, taken)).containsExactly(Outcome.CONFLICT);
    }

    @Test
    void aCorrectionThatFailsChangesNothing() {
        OrgScope acme = org("acme");
        append(acme, event("a").build());
        add(acme, delta("f", "2026-03-01", 5));

        assertThatThrownBy(() -> storage().events().correct(acme, correction -> {
                    correction.delete(EventSelection.ofSource("shop"));
                    correction.addTombstones(List.of(new byte[32]));
                    correction.replaceCells(Set.of(delta("f", "2026-03-01", 0).key()), List.of());
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        assertThat(scan(acme)).hasSize(1);
        assertThat(states(acme)).hasSize(1);
        assertThat(ask(acme, AppendTransaction::hasTombstones)).isFalse();
    }

    @Test
    void aCorrectionInsertsAndSeesWhatItDid() {
        OrgScope acme = org("acme");
        append(acme, event("a").value(1).build());
        EventCandidate better = candidate(event("a").value(2).build());

        List<Event> seen = storage().events().correct(acme, correction -> {
            correction.delete(EventSelection.ofIds("shop", ids("a")));
            assertThat(correction.insert(List.of(better))).containsExactly(Outcome.ACCEPTED);
            List<Event> events = new ArrayList<>();
            correction.events(EventRange.all(), events::add);
            return events;
        });

        assertThat(seen).containsExactly(better.event());
        assertThat(scan(acme)).extracting(StoredEvent::event).containsExactly(better.event());
    }

    @Test
    void replacedCellsLoseTheirDeltasAndOthersKeepTheirs() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 5), delta("f", "2026-03-02", 7), delta("g", "2026-03-01", 1));
        storage().kpis().compact(acme, 10, 1_000, ADD);
        add(acme, delta("f", "2026-03-01", 6), delta("f", "2026-03-02", 8));
        KpiDelta recounted = delta("f", "2026-03-01", 3);

        storage().events().correct(acme, correction -> {
            correction.replaceCells(
                    Set.of(recounted.key(), delta("g", "2026-03-01", 0).key()), List.of(recounted));
            return true;
        });

        assertThat(states(acme))
                .extracting(
                        state -> state.key().family(), state -> state.key().bucket(), state -> number(state.state()))
                .containsExactlyInAnyOrder(
                        tuple("f", "2026-03-01", 3L), tuple("f", "2026-03-02", 7L), tuple("f", "2026-03-02", 8L));
    }

    @Test
    void tombstonesAreFoundByLaterAppendsOfTheSameOrg() {
        OrgScope acme = org("acme");
        OrgScope bolt = org("bolt");
        List<byte[]> hashes = IntStream.range(0, 700)
                .mapToObj(i -> {
                    byte[] hash = new byte[32];
                    hash[0] = (byte) i;
                    hash[1] = (byte) (i >> 8);
                    return hash;
                })
                .toList();
        storage().events().correct(acme, correction -> {
            correction.addTombstones(hashes.subList(0, 600));
            correction.addTombstones(hashes.subList(0, 1));
            return true;
        });

        BitSet found = storage().events().append(acme, transaction -> {
            assertThat(transaction.hasTombstones()).isTrue();
            return transaction.tombstoned(hashes);
        });
        assertThat(found.stream())
                .containsExactlyElementsOf(IntStream.range(0, 600).boxed().toList());
        assertThat(ask(bolt, AppendTransaction::hasTombstones)).isFalse();
        BitSet foundByAnother = ask(bolt, transaction -> transaction.tombstoned(hashes));
        assertThat(foundByAnother.cardinality()).isZero();
    }

    @Test
    void aFreedIdempotencyKeyMayBeUsedForOtherContent() {
        OrgScope acme = org("acme");
        UUID first = UUID.randomUUID();
        claim(acme, first, new byte[] {1});
        assertThatThrownBy(() -> claim(acme, UUID.randomUUID(), new byte[] {2}))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("idempotency_key_reused"));

        storage().events().correct(acme, correction -> {
            correction.freeIdempotencyKeys(Set.of(first, UUID.randomUUID()));
            return true;
        });

        claim(acme, UUID.randomUUID(), new byte[] {2});
    }

    private void claim(OrgScope scope, UUID id, byte[] hash) {
        storage().events().append(scope, transaction -> {
            transaction.claim(id, "key", hash);
            transaction.putReceipt(new StoredReceipt(id, "shop", 0, 0, 0, 0, 0, true, "{}"));
            return true;
        });
    }

    @Test
    void aCorrectionOfAnOrgThatNobodyCreatedIsRefused() {
        assertThatThrownBy(() -> delete(scope("nobody"), EventSelection.ofSource("shop")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }

    @Test
    void anOrgTakesAnySourceUntilItRequiresDeclaredOnes() {
        OrgScope acme = org("acme");
        storage().orgs().declareSource(acme, "shop", ConflictPolicy.LAST_WINS, DECLARED);
        append(acme, event("a").source("till").build());
        assertThat(ask(acme, AppendTransaction::requiresDeclaredSources)).isFalse();

        storage().orgs().requireDeclaredSources(acme, true, DECLARED);
        storage().events().append(acme, transaction -> {
            assertThat(transaction.requiresDeclaredSources()).isTrue();
            assertThat(transaction.undeclared(Set.of("shop", "till", "kiosk")))
                    .containsExactlyInAnyOrder("till", "kiosk");
            return true;
        });
        storage().orgs().requireDeclaredSources(acme, false, DECLARED);
        assertThat(ask(acme, AppendTransaction::requiresDeclaredSources)).isFalse();
    }

    @Test
    void sourcesSayWhatWasDeclaredAndWhatWasReceived() {
        OrgScope acme = org("acme");
        storage().orgs().declareSource(acme, "shop", ConflictPolicy.REJECT, DECLARED);
        storage().orgs().declareSource(acme, "shop", ConflictPolicy.LAST_WINS, DECLARED);
        append(acme, event("a").source("till").build());
        assertThat(storage().orgs().sources(acme))
                .extracting(StoredSource::name, StoredSource::declared, StoredSource::conflictPolicy)
                .containsExactly(
                        tuple("shop", true, ConflictPolicy.LAST_WINS), tuple("till", false, ConflictPolicy.REJECT));
        assertThat(storage().orgs().sources(acme).get(0).firstReceivedAt()).isNull();

        append(acme, event("a").build());
        StoredSource shop = storage().orgs().sources(acme).get(0);
        assertThat(shop.firstReceivedAt()).isNotNull().isEqualTo(shop.lastReceivedAt());
        storage().events().append(acme, transaction -> {
            transaction.insert(List.of(
                    candidate(event("b").build()),
                    candidate(event("b").source("till").build())));
            assertThat(transaction.conflictPolicy("shop")).isEqualTo(ConflictPolicy.LAST_WINS);
            assertThat(transaction.conflictPolicy("till")).isEqualTo(ConflictPolicy.REJECT);
            return true;
        });
    }

    @Test
    void aSourceOfAnOrgThatNobodyCreatedCannotBeDeclared() {
        OrgScope nobody = scope("nobody");
        assertThatThrownBy(() -> storage().orgs().declareSource(nobody, "shop", ConflictPolicy.REJECT, DECLARED))
                .isInstanceOf(SmartDataException.class);
        assertThatThrownBy(() -> storage().orgs().requireDeclaredSources(nobody, true, DECLARED))
                .isInstanceOf(SmartDataException.class);
        assertThat(storage().orgs().sources(nobody)).isEmpty();
    }

    @Test
    void whoeverChangesTheRulesForSourcesIsWrittenDown() {
        OrgScope acme = org("acme");
        storage().orgs().declareSource(acme, "shop", ConflictPolicy.REJECT, DECLARED);
        storage().orgs().requireDeclaredSources(acme, true, DECLARED);

        assertThat(storage().audit().list(acme, AuditQuery.newest(10)))
                .extracting(AuditRecord::entry)
                .containsExactly(DECLARED, DECLARED);
    }

    @Test
    void anErasedEventLeavesThePlacesOfOthersInTheOrderOfArrival() {
        OrgScope acme = org("acme");
        append(
                acme,
                event("a").subject("anna").build(),
                event("b").subject("bert").build(),
                event("c").subject("anna").build(),
                event("d").subject("bert").build());
        ArrivalPage first = arrivals(acme, ArrivalPosition.START, 1);
        EventSelection anna = EventSelection.ofSubject("anna");
        assertThat(storage().events().<Long>correct(acme, correction -> correction.erase(anna)))
                .isEqualTo(2);
        assertThat(storage().events().<Long>correct(acme, correction -> correction.erase(anna)))
                .isZero();
        List<String> left = new ArrayList<>();
        first.events().forEach(stored -> left.add(stored.event().id().text()));
        arrivals(acme, first.next(), 10)
                .events()
                .forEach(stored -> left.add(stored.event().id().text()));
        left.removeAll(List.of("a", "c"));
        assertThat(left).containsExactlyInAnyOrder("b", "d");
        assertThat(arrivals(acme, ArrivalPosition.START, 10).events())
                .extracting(stored -> stored.event().subject())
                .containsOnly("bert");
        assertThat(append(acme, event("a").subject("anna").build())).containsExactly(Outcome.ACCEPTED);
        assertThat(arrivals(acme, ArrivalPosition.START, 10).events()).hasSize(3);
    }

    private ArrivalPage arrivals(OrgScope scope, ArrivalPosition after, int limit) {
        return storage().events().arrivals(scope, new ArrivalQuery(StoredEventFilter.any(), after, limit, limit));
    }

    @Test
    void deadLettersAndReceiptsOfTheOrgAreThereToBeCorrected() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        StoredDeadLetter ours = letter();
        StoredDeadLetter theirs = letter();
        StoredReceipt receipt = new StoredReceipt(UUID.randomUUID(), "shop", 1, 1, 0, 0, 0, true, "{}");
        ask(acme, transaction -> {
            transaction.addDeadLetters(List.of(ours));
            transaction.putReceipt(receipt);
            return true;
        });
        ask(globex, transaction -> {
            transaction.addDeadLetters(List.of(theirs));
            return true;
        });
        storage().events().correct(acme, correction -> {
            List<StoredDeadLetter> found = new ArrayList<>();
            correction.deadLetters(found::add);
            assertThat(found)
                    .extracting(letter -> letter.letter().id())
                    .containsExactly(ours.letter().id());
            assertThat(found.get(0).payload()).isEqualTo(ours.payload());
            assertThat(correction.receipt(receipt.id())).contains(receipt);
            assertThat(correction.receipt(UUID.randomUUID())).isEmpty();
            return true;
        });
        assertThat(storage()
                        .events()
                        .<Long>correct(
                                globex,
                                correction -> correction.deleteDeadLetters(
                                        Set.of(ours.letter().id(), UUID.randomUUID()))))
                .isZero();
        assertThat(storage()
                        .events()
                        .<Long>correct(
                                acme,
                                correction -> correction.deleteDeadLetters(
                                        Set.of(ours.letter().id()))))
                .isEqualTo(1);
        assertThat(storage().deadLetters().find(acme, ours.letter().id())).isEmpty();
        assertThat(storage().deadLetters().find(globex, theirs.letter().id())).isPresent();
    }

    private static StoredDeadLetter letter() {
        return new StoredDeadLetter(
                new DeadLetter(
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "shop",
                        1,
                        new Rejection(RejectionCode.INVALID_VALUE, "value", "No number."),
                        "json",
                        null,
                        DeadLetter.Status.OPEN,
                        0,
                        null),
                "{}",
                new byte[] {1, 2, 3});
    }
}
