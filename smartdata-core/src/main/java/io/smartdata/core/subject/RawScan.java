package io.smartdata.core.subject;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventPosition;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StoredEventFilter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Consumer;

/** Reads the raw events of a filter, in pieces of bounded size, until there are no more or too many were looked at. */
final class RawScan {
    /** Looked at for one answer: beyond, it says that it is not whole. */
    static final long MOST = 20_000_000;

    private static final int AT_ONCE = 10_000;

    private RawScan() {}

    /**
     * Hands on each event, by (UTC day, source, id).
     *
     * @return false if it ended before the events did
     */
    static boolean each(KpiSnapshot snapshot, StoredEventFilter filter, Consumer<Event> sink) {
        EventPosition next = null;
        for (long looked = 0; looked < MOST; looked += AT_ONCE) {
            EventPage page = snapshot.page(new EventPageQuery(filter, next, AT_ONCE, AT_ONCE));
            for (StoredEvent stored : page.events()) {
                sink.accept(stored.event());
            }
            next = page.next();
            if (next == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Events of local days.
     *
     * @throws SmartDataException {@code invalid_request} if the range ends before it starts
     */
    static StoredEventFilter days(ZoneId zone, LocalDate from, LocalDate to) {
        StoredEventFilter any = StoredEventFilter.any();
        if (to.isBefore(from)) {
            throw new SmartDataException(
                    "invalid_request",
                    "The range ends on %s, before it starts on %s. Nothing was read. Swap them.".formatted(to, from));
        }
        return any.between(start(zone, from, any), start(zone, to, any));
    }

    /** No event lies outside of what the filter takes. */
    private static Instant start(ZoneId zone, LocalDate day, StoredEventFilter any) {
        LocalDate first = LocalDate.EPOCH.minusDays(1);
        LocalDate last = LocalDate.of(9999, 12, 30);
        LocalDate kept = day.isBefore(first) ? first : day.isAfter(last) ? last : day;
        Instant start = kept.atStartOfDay(zone).toInstant();
        return start.isBefore(any.from()) ? any.from() : start;
    }
}
