package io.smartdata.jdbc;

import io.smartdata.event.EventId;
import io.smartdata.storage.EventCandidate;
import java.util.Arrays;
import java.util.Comparator;

/**
 * An event with its key as the table orders it.
 *
 * @param position where the event stands in the caller's list
 * @param day UTC day since 1970-01-01
 * @param sourceId number of its source within the org
 * @param high upper half of its id's key; here too, since sorting would otherwise go after it through the event
 * @param low lower half
 */
record EventRow(int position, int day, int sourceId, long high, long low, EventCandidate candidate) {
    private static final long SECONDS_A_DAY = 86_400;

    /** By source and id: the key of ids that are taken forever. */
    static final Comparator<EventRow> ID_ORDER = (a, b) -> {
        int order = Integer.compare(a.sourceId, b.sourceId);
        order = order != 0 ? order : Long.compareUnsigned(a.high, b.high);
        return order != 0 ? order : Long.compareUnsigned(a.low, b.low);
    };

    /** By day, source and id: the primary key, so that concurrent writers take its locks in one order. */
    static final Comparator<EventRow> KEY_ORDER = (a, b) -> {
        int order = Integer.compare(a.day, b.day);
        return order != 0 ? order : ID_ORDER.compare(a, b);
    };

    static EventRow of(int position, int sourceId, EventCandidate candidate) {
        long second = candidate.event().occurredAt().getEpochSecond();
        EventId id = candidate.event().id();
        return new EventRow(
                position, (int) Math.floorDiv(second, SECONDS_A_DAY), sourceId, id.high(), id.low(), candidate);
    }

    EventId id() {
        return candidate.event().id();
    }

    /** As {@link #KEY_ORDER}. */
    int compareKey(int otherDay, int otherSourceId, byte[] otherId) {
        int order = Integer.compare(day, otherDay);
        return order != 0 ? order : compareId(otherSourceId, otherId);
    }

    /** As {@link #ID_ORDER}. */
    int compareId(int otherSourceId, byte[] otherId) {
        int order = Integer.compare(sourceId, otherSourceId);
        return order != 0 ? order : Arrays.compareUnsigned(id().key(), otherId);
    }

    boolean sameContent(byte[] fingerprint) {
        return Arrays.equals(fingerprint, candidate.fingerprint());
    }

    /** Key bits spread over 64, for filters. */
    long hash() {
        long mixed = high * 0x9E3779B97F4A7C15L ^ low;
        mixed = (mixed ^ mixed >>> 32) * 0xBF58476D1CE4E5B9L + ((long) day << 32 | sourceId & 0xffffffffL);
        return (mixed ^ mixed >>> 29) * 0x94D049BB133111EBL;
    }
}
