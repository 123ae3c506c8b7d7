package io.smartdata.core.subject;

import io.smartdata.event.Event;
import io.smartdata.storage.KpiSnapshot;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what each subject did, then cuts it into sessions and counts how they begin. */
final class PathScan {
    /** Events that are held at once, about 50 bytes each. */
    static final int MOST = 1_000_000;

    /** Of one subject: a machine that sends without end must not push everybody else out. */
    static final int MOST_OF_ONE = 10_000;

    private final KpiSnapshot snapshot;
    private final int length;
    private final long gapMicros;
    private final Duration gap;
    private final SubjectSample sample;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<Step>> steps = new HashMap<>();
    private final Map<List<String>, Count> counts = new HashMap<>();
    private int held;
    private boolean cut;
    private long sessions;

    PathScan(KpiSnapshot snapshot, int length, Duration gap) {
        this.snapshot = snapshot;
        this.length = length;
        this.gap = gap;
        this.gapMicros = gap.toNanos() / 1_000;
        this.sample = new SubjectSample(snapshot.org().hashKey());
    }

    private record Step(long micros, String name) implements Comparable<Step> {
        private static final Comparator<Step> ORDER =
                Comparator.comparingLong(Step::micros).thenComparing(Step::name);

        @Override
        public int compareTo(Step other) {
            return ORDER.compare(this, other);
        }
    }

    private static final class Count {
        private long sessions;
        private long subjects;
    }

    Paths read(LocalDate from, LocalDate to, int limit) {
        boolean whole = RawScan.each(snapshot, RawScan.days(snapshot.org().zone(), from, to), this::add);
        steps.values().forEach(this::sessions);
        List<Paths.Path> paths = counts.entrySet().stream()
                .map(entry -> path(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Paths.Path::sessions)
                        .reversed()
                        .thenComparing(path -> String.join("\0", path.names())))
                .toList();
        return new Paths(
                length,
                gap,
                paths.subList(0, Math.min(limit, paths.size())),
                Math.round(sessions / sample.share()),
                Math.max(0, paths.size() - limit),
                sample.share(),
                !whole || cut,
                snapshot.dataFreshAsOf());
    }

    private Paths.Path path(List<String> path, Count count) {
        return new Paths.Path(
                path,
                Math.round(count.sessions / sample.share()),
                Math.round(count.subjects / sample.share()),
                (double) count.sessions / sessions);
    }

    private void add(Event event) {
        String subject = event.subject();
        if (subject == null || !sample.admits(subject)) {
            return;
        }
        long micros = Math.multiplyExact(event.occurredAt().getEpochSecond(), 1_000_000L)
                + event.occurredAt().getNano() / 1_000;
        String name = names.computeIfAbsent(event.name(), same -> same);
        List<Step> own = steps.computeIfAbsent(subject, absent -> new ArrayList<>(4));
        if (own.size() == MOST_OF_ONE) {
            cut = true;
            return;
        }
        own.add(new Step(micros, name));
        held++;
        while (held > MOST) {
            shrink();
        }
    }

    private void shrink() {
        sample.halve();
        steps.keySet().removeIf(subject -> !sample.admits(subject));
        held = steps.values().stream().mapToInt(List::size).sum();
    }

    private void sessions(List<Step> own) {
        own.sort(null);
        Set<List<String>> seen = new HashSet<>();
        int start = 0;
        for (int i = 1; i <= own.size(); i++) {
            if (i == own.size() || own.get(i).micros() - own.get(i - 1).micros() > gapMicros) {
                count(own.subList(start, Math.min(i, start + length)), seen);
                start = i;
            }
        }
    }

    private void count(List<Step> beginning, Set<List<String>> seen) {
        List<String> path = beginning.stream().map(Step::name).toList();
        Count count = counts.computeIfAbsent(path, absent -> new Count());
        count.sessions++;
        sessions++;
        if (seen.add(path)) {
            count.subjects++;
        }
    }
}
