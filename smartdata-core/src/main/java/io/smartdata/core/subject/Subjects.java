package io.smartdata.core.subject;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.event.FilterText;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.Event;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredEventFilter;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one subject did, from raw events of one snapshot. No index leads from a subject to its events, which would cost every
 * ingest: an answer costs the events of its range, of which {@value RawScan#MOST} at most are looked at.
 *
 * @since 0.1.0
 */
public final class Subjects {
    /** Most items of a state, and most names or sources of a profile; the last ones in order are left out. */
    public static final int MAX_ITEMS = 10_000;

    private final Storage storage;
    private final Generations generations;
    private final Meters meters;
    private final OrgScope scope;

    /**
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with
     *     {@link Permission#VIEW_SUBJECTS}
     */
    public Subjects(Storage storage, Generations generations, Meters meters, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.meters = requireNonNull(meters, "meters");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.VIEW_SUBJECTS);
    }

    /**
     * How often, when first and when last a subject did what to which entity.
     *
     * @param entity only this entity and what lies below it, or null for all
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws SmartDataException {@code unknown_org}; {@code invalid_request} if the range ends before it starts or no event can
     *     have such a subject or entity
     */
    public SubjectState state(String subject, @Nullable String entity, LocalDate from, LocalDate to) {
        return read("subject_state", subject, entity, from, to, (snapshot, filter) -> {
            StateScan scan = new StateScan();
            boolean whole = RawScan.each(snapshot, filter, scan::add);
            return new SubjectState(
                    subject,
                    scan.items.values().stream().map(StateScan.Tally::item).toList(),
                    scan.events,
                    !whole || scan.full,
                    snapshot.dataFreshAsOf());
        });
    }

    /** Items in order; beyond the limit the last one goes. */
    private static final class StateScan {
        private final TreeMap<Key, Tally> items = new TreeMap<>();
        private boolean full;
        private long events;

        private record Key(String entity, String name) implements Comparable<Key> {
            private static final Comparator<Key> ORDER =
                    Comparator.comparing(Key::entity).thenComparing(Key::name);

            @Override
            public int compareTo(Key other) {
                return ORDER.compare(this, other);
            }
        }

        private static final class Tally {
            private final Event any;
            private Instant first;
            private Instant last;
            private long count;

            Tally(Event event) {
                any = event;
                first = event.occurredAt();
                last = first;
            }

            void add(Instant time) {
                count++;
                first = time.isBefore(first) ? time : first;
                last = time.isAfter(last) ? time : last;
            }

            SubjectState.Item item() {
                return new SubjectState.Item(any.entity(), any.name(), count, first, last);
            }
        }

        void add(Event event) {
            events++;
            Key key = new Key(event.entity() == null ? "" : event.entity(), event.name());
            items.computeIfAbsent(key, absent -> new Tally(event)).add(event.occurredAt());
            if (items.size() > MAX_ITEMS) {
                items.pollLastEntry();
                full = true;
            }
        }
    }

    /**
     * When a subject was seen, and what of it.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws SmartDataException as {@link #state}
     */
    public SubjectProfile profile(String subject, LocalDate from, LocalDate to) {
        return read("subject_profile", subject, null, from, to, (snapshot, filter) -> {
            ProfileScan scan = new ProfileScan(snapshot.org().zone());
            boolean whole = RawScan.each(snapshot, filter, scan::add);
            return new SubjectProfile(
                    subject,
                    scan.first,
                    scan.last,
                    scan.events,
                    scan.days.cardinality(),
                    scan.names,
                    scan.sources,
                    !whole || scan.full,
                    snapshot.dataFreshAsOf());
        });
    }

    private static final class ProfileScan {
        private final ZoneId zone;
        private final TreeMap<String, Long> names = new TreeMap<>();
        private final TreeMap<String, Long> sources = new TreeMap<>();
        /** From the day before 1970-01-01 on, which it still is west of Greenwich. */
        private final BitSet days = new BitSet();

        private @Nullable Instant first;
        private @Nullable Instant last;
        private long events;
        private boolean full;

        ProfileScan(ZoneId zone) {
            this.zone = zone;
        }

        void add(Event event) {
            Instant time = event.occurredAt();
            events++;
            first = first == null || time.isBefore(first) ? time : first;
            last = last == null || time.isAfter(last) ? time : last;
            days.set(Math.toIntExact(time.atZone(zone).toLocalDate().toEpochDay() + 1));
            count(names, event.name());
            count(sources, event.source());
        }

        private void count(TreeMap<String, Long> counts, String text) {
            counts.merge(text, 1L, Long::sum);
            if (counts.size() > MAX_ITEMS) {
                counts.pollLastEntry();
                full = true;
            }
        }
    }

    private <R> R read(
            String name,
            String subject,
            @Nullable String entity,
            LocalDate from,
            LocalDate to,
            BiFunction<KpiSnapshot, StoredEventFilter, R> work) {
        FilterText.require("subject", subject);
        FilterText.require("entity", entity);
        generations.existing(scope);
        return meters.query(
                name,
                () -> storage.kpis()
                        .snapshot(
                                scope,
                                snapshot -> work.apply(
                                        snapshot,
                                        RawScan.days(snapshot.org().zone(), from, to)
                                                .withSubject(subject)
                                                .withEntity(entity))));
    }
}
