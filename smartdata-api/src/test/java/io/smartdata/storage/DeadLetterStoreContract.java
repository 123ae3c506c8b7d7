package io.smartdata.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events that were not accepted. */
public abstract class DeadLetterStoreContract extends StorageContract {
    private static final UUID RECEIPT = UUID.fromString("6f1c0f4e-0000-4000-8000-000000000001");

    /** A letter of one receipt. */
    static StoredDeadLetter letter(long row) {
        return letter(row, RejectionCode.INVALID_TIME, "shop");
    }

    private static StoredDeadLetter letter(long row, RejectionCode code, String source) {
        return new StoredDeadLetter(
                new DeadLetter(
                        UUID.randomUUID(),
                        RECEIPT,
                        source,
                        row,
                        new Rejection(code, "time", "Send a time, 'please'."),
                        "csv",
                        null,
                        DeadLetter.Status.OPEN,
                        0,
                        null),
                "{\"header\":[\"time\"]}",
                new byte[] {0, (byte) 0xff, '\n', (byte) row});
    }

    private void keep(OrgScope scope, StoredDeadLetter... letters) {
        storage().events().append(scope, transaction -> {
            transaction.addDeadLetters(List.of(letters));
            return true;
        });
    }

    private DeadLetter find(OrgScope scope, StoredDeadLetter letter) {
        return storage()
                .deadLetters()
                .find(scope, letter.letter().id())
                .orElseThrow()
                .letter();
    }

    @Test
    void aLetterComesBackWithItsBytes() {
        OrgScope acme = org("acme");
        StoredDeadLetter letter = letter(7);
        keep(acme, letter);
        StoredDeadLetter found =
                storage().deadLetters().find(acme, letter.letter().id()).orElseThrow();
        assertThat(found.payload()).isEqualTo(letter.payload());
        assertThat(found.letter().receivedAt()).isNotNull();
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("letter.receivedAt")
                .isEqualTo(letter);
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(1))).containsExactly(found.letter());
    }

    @Test
    void aLetterThatIsKeptAlreadyStaysAsItIs() {
        OrgScope acme = org("acme");
        StoredDeadLetter letter = letter(7);
        keep(acme, letter, letter);
        settle(acme, letter, DeadLetter.Status.REPLAYED);
        keep(acme, letter);
        assertThat(find(acme, letter).status()).isEqualTo(DeadLetter.Status.REPLAYED);
        keep(org("globex"), letter);
        assertThat(find(org("globex"), letter).status()).isEqualTo(DeadLetter.Status.OPEN);
    }

    @Test
    void openLettersAreCountedWithThoseOfTheTransactionAndNoFurtherThanAsked() {
        OrgScope acme = org("acme");
        StoredDeadLetter settled = letter(1);
        keep(acme, settled, letter(2));
        settle(acme, settled, DeadLetter.Status.REPLAYED);
        keep(org("globex"), letter(3));
        storage().events().append(acme, transaction -> {
            transaction.addDeadLetters(List.of(letter(4)));
            assertThat(transaction.openDeadLetters(100)).isEqualTo(2);
            assertThat(transaction.openDeadLetters(1)).isEqualTo(1);
            return true;
        });
    }

    @Test
    void lettersOfAnotherOrgAreUnknown() {
        OrgScope acme = org("acme");
        StoredDeadLetter letter = letter(1);
        keep(org("globex"), letter);
        UUID id = letter.letter().id();
        assertThat(storage().deadLetters().find(acme, id)).isEmpty();
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.any(10))).isEmpty();
        assertThat(storage().deadLetters().counts(acme, DeadLetterFilter.any())).isEmpty();
        assertThat(discard(acme, DeadLetterFilter.any().withIds(Set.of(id)), "gone"))
                .isZero();
        Optional<DeadLetter> locked = storage().events().append(acme, transaction -> transaction.lockDeadLetter(id));
        assertThat(locked).isEmpty();
        settle(acme, letter, DeadLetter.Status.DISCARDED);
        assertThat(find(org("globex"), letter))
                .usingRecursiveComparison()
                .ignoringFields("receivedAt")
                .isEqualTo(letter.letter());
    }

    @Test
    void theyAreListedInOrderAndFiltered() {
        OrgScope acme = org("acme");
        StoredDeadLetter old = letter(3, RejectionCode.TOO_OLD, "shop");
        keep(acme, letter(2), letter(1), old);
        assertThat(list(acme, DeadLetterFilter.open())).containsExactly(1L, 2L, 3L);
        DeadLetterFilter any = DeadLetterFilter.any();
        assertThat(list(acme, any.withCodes(Set.of(RejectionCode.TOO_OLD)))).containsExactly(3L);
        assertThat(list(acme, any.withCodes(Set.of(RejectionCode.TOO_OLD, RejectionCode.INVALID_TIME))))
                .hasSize(3);
        assertThat(list(acme, any.withIds(Set.of(old.letter().id(), UUID.randomUUID()))))
                .containsExactly(3L);
        assertThat(list(acme, any.withSource("shop").withReceipt(RECEIPT))).hasSize(3);
        assertThat(list(acme, any.withSource("app"))).isEmpty();
        assertThat(list(acme, any.withReceipt(UUID.randomUUID()))).isEmpty();
        Instant received = requireNonNull(find(acme, old).receivedAt());
        assertThat(list(acme, any.withReceived(received, received.plusNanos(1_000))))
                .hasSize(3);
        assertThat(list(acme, any.withReceived(null, received))).isEmpty();
        assertThat(list(acme, any.withReceived(received.plusNanos(1_000), null)))
                .isEmpty();
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetition() {
        OrgScope acme = org("acme");
        for (int call = 0; call < 3; call++) {
            keep(acme, letter(1), letter(2), letter(2), letter(3));
        }
        List<DeadLetter> all = storage().deadLetters().list(acme, DeadLetterQuery.open(100));
        assertThat(all).hasSize(12);
        List<DeadLetter> paged = new ArrayList<>();
        DeadLetterQuery query = DeadLetterQuery.open(5);
        List<DeadLetter> page = storage().deadLetters().list(acme, query);
        while (!page.isEmpty()) {
            paged.addAll(page);
            page = storage().deadLetters().list(acme, query.after(page.get(page.size() - 1)));
        }
        assertThat(paged).isEqualTo(all);
    }

    @Test
    void countsTellReasonsSourcesAndFatesApart() {
        OrgScope acme = org("acme");
        StoredDeadLetter first = letter(1);
        StoredDeadLetter last = letter(3);
        StoredDeadLetter settled = letter(4);
        keep(acme, first);
        keep(acme, letter(2), settled, letter(5, RejectionCode.TOO_OLD, "shop"));
        keep(acme, last, letter(6, RejectionCode.INVALID_TIME, "Till"));
        settle(acme, settled, DeadLetter.Status.REPLAYED);
        List<DeadLetterCount> counts = storage().deadLetters().counts(acme, DeadLetterFilter.any());
        assertThat(counts)
                .extracting(
                        DeadLetterCount::code,
                        DeadLetterCount::source,
                        DeadLetterCount::status,
                        DeadLetterCount::letters)
                .containsExactly(
                        tuple(RejectionCode.INVALID_TIME, "Till", DeadLetter.Status.OPEN, 1L),
                        tuple(RejectionCode.INVALID_TIME, "shop", DeadLetter.Status.OPEN, 3L),
                        tuple(RejectionCode.INVALID_TIME, "shop", DeadLetter.Status.REPLAYED, 1L),
                        tuple(RejectionCode.TOO_OLD, "shop", DeadLetter.Status.OPEN, 1L));
        assertThat(counts.get(1).first()).isEqualTo(find(acme, first).receivedAt());
        assertThat(counts.get(1).last()).isEqualTo(find(acme, last).receivedAt());
        assertThat(storage()
                        .deadLetters()
                        .counts(acme, DeadLetterFilter.open().withCodes(Set.of(RejectionCode.TOO_OLD))))
                .singleElement()
                .extracting(DeadLetterCount::letters)
                .isEqualTo(1L);
    }

    @Test
    void openLettersAreDiscardedWithANoteAndOpenedAgain() {
        OrgScope acme = org("acme");
        StoredDeadLetter tried = letter(1);
        StoredDeadLetter replayed = letter(2);
        keep(acme, tried, replayed, letter(3, RejectionCode.TOO_OLD, "shop"));
        settle(acme, tried, DeadLetter.Status.OPEN);
        settle(acme, replayed, DeadLetter.Status.REPLAYED);
        DeadLetterFilter times = DeadLetterFilter.any().withCodes(Set.of(RejectionCode.INVALID_TIME));
        assertThat(reopen(acme, times)).isZero();
        assertThat(discard(acme, times, "test data")).isEqualTo(1);
        assertThat(discard(acme, times, "again")).isZero();
        assertThat(find(acme, tried))
                .extracting(DeadLetter::status, DeadLetter::note, DeadLetter::attempts)
                .containsExactly(DeadLetter.Status.DISCARDED, "test data", 1);
        assertThat(find(acme, replayed).status()).isEqualTo(DeadLetter.Status.REPLAYED);
        assertThat(list(acme, DeadLetterFilter.open())).containsExactly(3L);
        assertThat(reopen(acme, times)).isEqualTo(1);
        assertThat(find(acme, tried))
                .usingRecursiveComparison()
                .ignoringFields("receivedAt")
                .isEqualTo(tried.letter());
    }

    private List<Long> list(OrgScope scope, DeadLetterFilter filter) {
        return storage().deadLetters().list(scope, DeadLetterQuery.of(filter, 10)).stream()
                .map(DeadLetter::row)
                .toList();
    }

    @Test
    void aSettledLetterIsNoLongerOpenAndCountsItsAttempts() {
        OrgScope acme = org("acme");
        StoredDeadLetter letter = letter(1);
        keep(acme, letter);
        settle(acme, letter, DeadLetter.Status.OPEN);
        settle(acme, letter, DeadLetter.Status.REPLAYED);
        DeadLetter found = find(acme, letter);
        assertThat(found.status()).isEqualTo(DeadLetter.Status.REPLAYED);
        assertThat(found.attempts()).isEqualTo(2);
        assertThat(list(acme, DeadLetterFilter.open())).isEmpty();
    }

    private long discard(OrgScope scope, DeadLetterFilter filter, String note) {
        return storage().events().append(scope, transaction -> transaction.discardDeadLetters(filter, note));
    }

    private long reopen(OrgScope scope, DeadLetterFilter filter) {
        return storage().events().append(scope, transaction -> transaction.reopenDeadLetters(filter));
    }

    private void settle(OrgScope scope, StoredDeadLetter letter, DeadLetter.Status status) {
        storage().events().append(scope, transaction -> {
            transaction.settleDeadLetter(letter.letter().id(), status);
            return true;
        });
    }

    @RepeatedTest(5)
    @Timeout(60)
    void oneOfManyWhoReplayALetterAtOnceFindsItOpen() throws Exception {
        OrgScope acme = org("acme");
        StoredDeadLetter letter = letter(1);
        keep(acme, letter);
        List<Callable<Boolean>> replays = Collections.nCopies(
                4,
                () -> storage().events().append(acme, transaction -> {
                    boolean open = transaction
                            .lockDeadLetter(letter.letter().id())
                            .filter(found -> found.status() == DeadLetter.Status.OPEN)
                            .isPresent();
                    if (open) {
                        transaction.settleDeadLetter(letter.letter().id(), DeadLetter.Status.REPLAYED);
                    }
                    return open;
                }));
        ExecutorService threads = Executors.newFixedThreadPool(replays.size());
        try {
            int won = 0;
            for (Future<Boolean> replay : threads.invokeAll(replays)) {
                won += replay.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
        assertThat(find(acme, letter).attempts()).isEqualTo(1);
    }
}
