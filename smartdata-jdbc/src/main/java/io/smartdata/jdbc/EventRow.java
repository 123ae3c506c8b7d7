package io.smartdata.jdbc;

import io.smartdata.storage.EventCandidate;
import java.time.ZoneOffset;
import java.util.Comparator;

/** An event with its key as the table orders it. */
record EventRow(int day, EventCandidate candidate, byte[] id) {
    /** The order of the primary key, so that concurrent writers take its locks in one order. */
    static final Comparator<EventRow> KEY_ORDER = Comparator.comparingInt(EventRow::day)
            .thenComparing(row -> row.candidate.event().source())
            .thenComparing(row -> row.candidate.event().id().high(), Long::compareUnsigned)
            .thenComparing(row -> row.candidate.event().id().low(), Long::compareUnsigned);

    static EventRow of(EventCandidate candidate) {
        int day = (int) candidate
                .event()
                .occurredAt()
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toEpochDay();
        return new EventRow(day, candidate, candidate.event().id().key());
    }

    /** Identity within the org. */
    record Key(int day, String source, long high, long low) {}

    Key key() {
        return new Key(
                day,
                candidate.event().source(),
                candidate.event().id().high(),
                candidate.event().id().low());
    }
}
