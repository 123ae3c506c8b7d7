package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.tenancy.OrgScope;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Events that were not accepted. */
public abstract class DeadLetterStoreContract extends StorageContract {
    private static final UUID RECEIPT = UUID.fromString("6f1c0f4e-0000-4000-8000-000000000001");

    /** A letter of one receipt. */
    static DeadLetter letter(long row) {
        return letter(row, RejectionCode.INVALID_TIME);
    }

    private static DeadLetter letter(long row, RejectionCode code) {
        return new DeadLetter(
                UUID.randomUUID(),
                RECEIPT,
                "shop",
                row,
                new Rejection(code, "time", "Send a time, 'please'."),
                "csv",
                "{\"header\":[\"time\"]}",
                new byte[] {0, (byte) 0xff, '\n', (byte) row},
                null,
                DeadLetter.Status.OPEN,
                0);
    }

    private void keep(OrgScope scope, DeadLetter... letters) {
        storage().events().append(scope, transaction -> {
            transaction.addDeadLetters(List.of(letters));
            return true;
        });
    }

    @Test
    void aLetterComesBackWithItsBytes() {
        OrgScope acme = org("acme");
        DeadLetter letter = letter(7);
        keep(acme, letter);
        DeadLetter found = storage().deadLetters().find(acme, letter.id()).orElseThrow();
        assertThat(found.payload()).isEqualTo(letter.payload());
        assertThat(found.receivedAt()).isNotNull();
        assertThat(found)
                .usingRecursiveComparison()
                .ignoringFields("receivedAt")
                .isEqualTo(letter);
    }

    @Test
    void aLetterThatIsKeptAlreadyStaysAsItIs() {
        OrgScope acme = org("acme");
        DeadLetter letter = letter(7);
        keep(acme, letter, letter);
        settle(acme, letter.id(), DeadLetter.Status.REPLAYED);
        keep(acme, letter);
        assertThat(storage().deadLetters().find(acme, letter.id()))
                .get()
                .extracting(DeadLetter::status)
                .isEqualTo(DeadLetter.Status.REPLAYED);
        keep(org("globex"), letter);
        assertThat(storage().deadLetters().find(org("globex"), letter.id()))
                .get()
                .extracting(DeadLetter::status)
                .isEqualTo(DeadLetter.Status.OPEN);
    }

    @Test
    void openLettersAreCountedWithThoseOfTheTransactionAndNoFurtherThanAsked() {
        OrgScope acme = org("acme");
        DeadLetter settled = letter(1);
        keep(acme, settled, letter(2));
        settle(acme, settled.id(), DeadLetter.Status.REPLAYED);
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
        DeadLetter letter = letter(1);
        keep(org("globex"), letter);
        assertThat(storage().deadLetters().find(acme, letter.id())).isEmpty();
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(10))).isEmpty();
    }

    @Test
    void settlingIsConfinedToTheOrg() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        DeadLetter letter = letter(1);
        keep(globex, letter);
        settle(acme, letter.id(), DeadLetter.Status.DISCARDED);
        assertThat(storage().deadLetters().find(globex, letter.id()))
                .get()
                .extracting(DeadLetter::status)
                .isEqualTo(DeadLetter.Status.OPEN);
    }

    @Test
    void theyAreListedInOrderAndFiltered() {
        OrgScope acme = org("acme");
        keep(acme, letter(2), letter(1), letter(3, RejectionCode.TOO_OLD));
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(10)))
                .extracting(DeadLetter::row)
                .containsExactly(1L, 2L, 3L);
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(2))).hasSize(2);
        DeadLetterQuery any = DeadLetterQuery.any(10);
        assertThat(list(acme, any.withCode(RejectionCode.TOO_OLD))).containsExactly(3L);
        assertThat(list(acme, any.withSource("shop").withReceipt(RECEIPT))).hasSize(3);
        assertThat(list(acme, any.withSource("app"))).isEmpty();
        assertThat(list(acme, any.withReceipt(UUID.randomUUID()))).isEmpty();
    }

    private List<Long> list(OrgScope scope, DeadLetterQuery query) {
        return storage().deadLetters().list(scope, query).stream()
                .map(DeadLetter::row)
                .toList();
    }

    @Test
    void aSettledLetterIsNoLongerOpenAndCountsItsAttempts() {
        OrgScope acme = org("acme");
        DeadLetter letter = letter(1);
        keep(acme, letter);
        settle(acme, letter.id(), DeadLetter.Status.OPEN);
        settle(acme, letter.id(), DeadLetter.Status.REPLAYED);
        DeadLetter found = storage().deadLetters().find(acme, letter.id()).orElseThrow();
        assertThat(found.status()).isEqualTo(DeadLetter.Status.REPLAYED);
        assertThat(found.attempts()).isEqualTo(2);
        assertThat(storage().deadLetters().list(acme, DeadLetterQuery.open(10))).isEmpty();
    }

    private void settle(OrgScope scope, UUID id, DeadLetter.Status status) {
        storage().events().append(scope, transaction -> {
            transaction.settleDeadLetter(id, status);
            return true;
        });
    }
}
