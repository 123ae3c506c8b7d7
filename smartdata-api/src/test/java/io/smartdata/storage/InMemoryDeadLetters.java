package io.smartdata.storage;

import io.smartdata.event.DeadLetter;
import io.smartdata.event.RejectionCode;
import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Dead letters of {@link InMemoryStorage}. */
record InMemoryDeadLetters(InMemoryStorage storage) implements DeadLetterStore {
    private static final Comparator<DeadLetter> OLDEST_FIRST = Comparator.comparing(InMemoryDeadLetters::received)
            .thenComparing(letter -> letter.receiptId().toString())
            .thenComparing(DeadLetter::row)
            .thenComparing(letter -> letter.id().toString());

    private record Kind(RejectionCode code, String source, DeadLetter.Status status) {}

    static void add(Map<UUID, StoredDeadLetter> letters, List<StoredDeadLetter> more, Instant receivedAt) {
        for (StoredDeadLetter one : more) {
            DeadLetter letter = one.letter();
            letters.putIfAbsent(letter.id(), with(one, letter.status(), letter.attempts(), letter.note(), receivedAt));
        }
    }

    static void settle(Map<UUID, StoredDeadLetter> letters, UUID id, DeadLetter.Status status) {
        letters.computeIfPresent(
                id,
                (same, stored) -> with(
                        stored,
                        status,
                        stored.letter().attempts() + 1,
                        stored.letter().note()));
    }

    @Override
    public List<DeadLetter> list(OrgScope scope, DeadLetterQuery query) {
        DeadLetter after = query.after();
        return storage.letters(
                scope,
                letters -> matching(letters, query.filter())
                        .map(StoredDeadLetter::letter)
                        .filter(letter -> after == null || OLDEST_FIRST.compare(letter, after) > 0)
                        .sorted(OLDEST_FIRST)
                        .limit(query.limit())
                        .toList());
    }

    @Override
    public List<DeadLetterCount> counts(OrgScope scope, DeadLetterFilter filter) {
        Map<Kind, DeadLetterCount> counts = new LinkedHashMap<>();
        for (DeadLetter letter : list(scope, DeadLetterQuery.of(filter, DeadLetterQuery.MAX_LIMIT))) {
            Kind kind = new Kind(letter.rejection().code(), letter.source(), letter.status());
            counts.merge(
                    kind,
                    new DeadLetterCount(
                            kind.code(), kind.source(), kind.status(), 1, received(letter), received(letter)),
                    (a, b) -> new DeadLetterCount(
                            a.code(), a.source(), a.status(), a.letters() + 1, a.first(), b.last()));
        }
        return counts.values().stream()
                .sorted(Comparator.comparing(
                                (DeadLetterCount count) -> count.code().code())
                        .thenComparing(DeadLetterCount::source, InMemoryStorage::compareByCodePoint)
                        .thenComparing(count -> count.status().name()))
                .toList();
    }

    @Override
    public Optional<StoredDeadLetter> find(OrgScope scope, UUID id) {
        return storage.letters(scope, letters -> Optional.ofNullable(letters.get(id)));
    }

    static long discard(Map<UUID, StoredDeadLetter> letters, DeadLetterFilter filter, String note) {
        return change(
                letters,
                filter,
                DeadLetter.Status.OPEN,
                letter -> with(
                        letter, DeadLetter.Status.DISCARDED, letter.letter().attempts(), note));
    }

    static long reopen(Map<UUID, StoredDeadLetter> letters, DeadLetterFilter filter) {
        return change(
                letters, filter, DeadLetter.Status.DISCARDED, letter -> with(letter, DeadLetter.Status.OPEN, 0, null));
    }

    private static long change(
            Map<UUID, StoredDeadLetter> letters,
            DeadLetterFilter filter,
            DeadLetter.Status from,
            UnaryOperator<StoredDeadLetter> change) {
        List<StoredDeadLetter> changed = matching(letters, filter)
                .filter(letter -> letter.letter().status() == from)
                .map(change)
                .toList();
        changed.forEach(letter -> letters.put(letter.letter().id(), letter));
        return changed.size();
    }

    private static Stream<StoredDeadLetter> matching(Map<UUID, StoredDeadLetter> letters, DeadLetterFilter filter) {
        return letters.values().stream().filter(stored -> {
            DeadLetter letter = stored.letter();
            return (filter.ids().isEmpty() || filter.ids().contains(letter.id()))
                    && (filter.codes().isEmpty()
                            || filter.codes().contains(letter.rejection().code()))
                    && InMemoryStorage.isAnyOr(filter.status(), letter.status())
                    && InMemoryStorage.isAnyOr(filter.source(), letter.source())
                    && InMemoryStorage.isAnyOr(filter.receiptId(), letter.receiptId())
                    && (filter.from() == null || !received(letter).isBefore(filter.from()))
                    && (filter.to() == null || received(letter).isBefore(filter.to()));
        });
    }

    private static Instant received(DeadLetter letter) {
        Instant receivedAt = letter.receivedAt();
        return receivedAt == null ? Instant.EPOCH : receivedAt;
    }

    private static StoredDeadLetter with(
            StoredDeadLetter stored, DeadLetter.Status status, int attempts, @Nullable String note) {
        return with(stored, status, attempts, note, received(stored.letter()));
    }

    private static StoredDeadLetter with(
            StoredDeadLetter stored,
            DeadLetter.Status status,
            int attempts,
            @Nullable String note,
            Instant receivedAt) {
        DeadLetter letter = stored.letter();
        return new StoredDeadLetter(
                new DeadLetter(
                        letter.id(),
                        letter.receiptId(),
                        letter.source(),
                        letter.row(),
                        letter.rejection(),
                        letter.format(),
                        receivedAt,
                        status,
                        attempts,
                        note),
                stored.context(),
                stored.payload());
    }
}
