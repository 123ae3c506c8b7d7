package io.smartdata.core.subject;

import io.smartdata.event.Event;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StoredEventFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the events twice, since a day's are in no order of time: first for when each subject did the first thing to each
 * entity, then for what came soonest afterwards.
 */
final class ConversionScan {
    /** Subjects at entities that are held at once, about 200 bytes each. */
    static final int MOST = 200_000;

    private final KpiSnapshot snapshot;
    private final String fromName;
    private final String toName;
    private final Duration window;
    private final SubjectSample sample;
    private final Map<Pair, Times> pairs = new HashMap<>();

    ConversionScan(KpiSnapshot snapshot, String fromName, String toName, Duration window) {
        this.snapshot = snapshot;
        this.fromName = fromName;
        this.toName = toName;
        this.window = window;
        this.sample = new SubjectSample(snapshot.org().hashKey());
    }

    private record Pair(String entity, String subject) {}

    private static final class Times {
        private Instant first;
        private @Nullable Instant then;

        Times(Instant first) {
            this.first = first;
        }
    }

    EntityConversions read(LocalDate from, LocalDate to, int limit) {
        StoredEventFilter days = RawScan.days(snapshot.org().zone(), from, to);
        boolean whole = RawScan.each(snapshot, days.withName(fromName), paired(this::begin));
        Instant end = days.to().plus(window).plusNanos(1_000);
        Instant last = StoredEventFilter.any().to();
        StoredEventFilter later = days.between(days.from(), end.isAfter(last) ? last : end);
        whole &= RawScan.each(snapshot, later.withName(toName), paired(this::follow));
        List<EntityConversions.Entity> entities = entities();
        return new EntityConversions(
                fromName,
                toName,
                window,
                entities.subList(0, Math.min(limit, entities.size())),
                Math.max(0, entities.size() - limit),
                sample.share(),
                !whole,
                snapshot.dataFreshAsOf());
    }

    private interface PairedEvent {
        void add(Pair pair, Instant time);
    }

    private Consumer<Event> paired(PairedEvent sink) {
        return event -> {
            if (event.entity() != null && event.subject() != null && sample.admits(event.subject())) {
                sink.add(new Pair(event.entity(), event.subject()), event.occurredAt());
            }
        };
    }

    private void begin(Pair pair, Instant time) {
        Times times = pairs.computeIfAbsent(pair, absent -> new Times(time));
        times.first = time.isBefore(times.first) ? time : times.first;
        while (pairs.size() > MOST) {
            sample.halve();
            pairs.keySet().removeIf(held -> !sample.admits(held.subject()));
        }
    }

    private void follow(Pair pair, Instant time) {
        Times times = pairs.get(pair);
        if (times != null
                && !time.isBefore(times.first)
                && !time.isAfter(times.first.plus(window))
                && (times.then == null || time.isBefore(times.then))) {
            times.then = time;
        }
    }

    private List<EntityConversions.Entity> entities() {
        Map<String, Delays> byEntity = new HashMap<>();
        pairs.forEach((pair, times) ->
                byEntity.computeIfAbsent(pair.entity(), absent -> new Delays()).add(times));
        return byEntity.entrySet().stream()
                .map(entry -> entry.getValue().entity(entry.getKey(), sample.share()))
                .sorted(Comparator.comparingLong(EntityConversions.Entity::subjects)
                        .reversed()
                        .thenComparing(EntityConversions.Entity::entity))
                .toList();
    }

    /** Microseconds between the two events, of those who converted. */
    private static final class Delays {
        private long[] micros = new long[4];
        private int converted;
        private long subjects;

        void add(Times times) {
            subjects++;
            if (times.then != null) {
                if (converted == micros.length) {
                    micros = Arrays.copyOf(micros, 2 * converted);
                }
                micros[converted++] = Duration.between(times.first, times.then).toNanos() / 1_000;
            }
        }

        EntityConversions.Entity entity(String entity, double share) {
            Arrays.sort(micros, 0, converted);
            Duration median = converted == 0 ? null : Duration.ofNanos(micros[(converted - 1) / 2] * 1_000);
            return new EntityConversions.Entity(
                    entity,
                    Math.round(subjects / share),
                    Math.round(converted / share),
                    (double) converted / subjects,
                    median);
        }
    }
}
