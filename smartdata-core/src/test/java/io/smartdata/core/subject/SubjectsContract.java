package io.smartdata.core.subject;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What subjects did, one and all. */
public abstract class SubjectsContract {
    private static final long SEED = 20261121;
    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final LocalDate FROM = LocalDate.of(2026, 3, 1);
    private static final LocalDate TO = LocalDate.of(2026, 4, 1);
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private @Nullable SmartData opened;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        opened = SmartData.builder()
                .storage(newStorage())
                .orgZone(ZONE)
                .accessPolicy(AccessPolicy.singleOperator())
                .clock(Clock.fixed(Instant.parse("2026-06-01T12:00:00Z"), ZoneOffset.UTC))
                .build();
    }

    @AfterEach
    final void close() {
        smartData().close();
    }

    private SmartData smartData() {
        return requireNonNull(opened);
    }

    private static OrgScope acme(Permission... more) {
        return OrgScope.request(
                AccessPolicy.singleOperator(), Caller.of("tester"), OrgId.of("acme"), Permission.VIEW, more);
    }

    private Subjects subjects() {
        return smartData().subjects(acme(Permission.VIEW_SUBJECTS));
    }

    private Conversions conversions() {
        return smartData().conversions(acme());
    }

    private void ingest(Event... events) {
        smartData().ingest(acme(Permission.INGEST)).events(List.of(events));
    }

    private static Event event(
            String id, String name, @Nullable String subject, @Nullable String entity, Instant time) {
        return Event.named(name, time)
                .id(id)
                .source("web")
                .subject(subject)
                .entity(entity)
                .build();
    }

    private static Event[] randomEvents(int count) {
        Random random = new Random(SEED);
        return IntStream.range(0, count)
                .mapToObj(i -> Event.named(
                                List.of("open", "read", "done").get(random.nextInt(3)),
                                FROM.atStartOfDay(ZONE)
                                        .toInstant()
                                        .plusSeconds(random.nextInt(40 * 86_400) - 3L * 86_400))
                        .id("e" + i)
                        .source(random.nextBoolean() ? "web" : "app")
                        .subject(random.nextInt(8) == 0 ? null : "sub-" + random.nextInt(12))
                        .entity(random.nextInt(8) == 0 ? null : "course/" + random.nextInt(4))
                        .build())
                .toArray(Event[]::new);
    }

    private static boolean inRange(Event event) {
        LocalDate day = event.occurredAt().atZone(ZONE).toLocalDate();
        return !day.isBefore(FROM) && day.isBefore(TO);
    }

    @Test
    void aStateIsWhatTheSubjectDidToEachEntity() {
        Event[] events = randomEvents(500);
        ingest(events);
        SubjectState state = subjects().state("sub-3", null, FROM, TO);
        Map<List<String>, List<Instant>> expected = new TreeMap<>(Comparator.comparing(key -> String.join("\0", key)));
        for (Event event : events) {
            if ("sub-3".equals(event.subject()) && inRange(event)) {
                expected.computeIfAbsent(
                                List.of(Objects.toString(event.entity(), ""), event.name()),
                                absent -> new ArrayList<>())
                        .add(event.occurredAt());
            }
        }
        List<SubjectState.Item> items = new ArrayList<>();
        expected.forEach((key, times) -> {
            times.sort(null);
            items.add(new SubjectState.Item(
                    key.get(0).isEmpty() ? null : key.get(0),
                    key.get(1),
                    times.size(),
                    times.get(0),
                    times.get(times.size() - 1)));
        });
        assertThat(state.items()).as("seed %d", SEED).isEqualTo(items);
        assertThat(state.truncated()).isFalse();
        assertThat(subjects().state("sub-3", "course/1", FROM, TO).items())
                .isEqualTo(items.stream()
                        .filter(item -> "course/1".equals(item.entity()))
                        .toList());
        assertThat(subjects().state("nobody", null, FROM, TO).items()).isEmpty();
    }

    @Test
    void aProfileCountsDaysOfTheOrgsZone() {
        ingest(
                event("a", "open", "anna", null, Instant.parse("2026-03-10T03:30:00Z")),
                event("b", "open", "anna", null, Instant.parse("2026-03-10T02:00:00Z")),
                event("c", "read", "anna", null, Instant.parse("2026-03-10T12:00:00Z")),
                event("d", "read", "bert", null, Instant.parse("2026-03-12T12:00:00Z")));
        SubjectProfile anna = subjects().profile("anna", FROM, TO);
        assertThat(anna.events()).isEqualTo(3);
        assertThat(anna.activeDays())
                .as("two of them are of the evening before")
                .isEqualTo(2);
        assertThat(anna.firstSeen()).isEqualTo(Instant.parse("2026-03-10T02:00:00Z"));
        assertThat(anna.lastSeen()).isEqualTo(Instant.parse("2026-03-10T12:00:00Z"));
        assertThat(anna.countsByName()).isEqualTo(Map.of("open", 2L, "read", 1L));
        assertThat(anna.countsBySource()).isEqualTo(Map.of("web", 3L));
        SubjectProfile nobody = subjects().profile("nobody", LocalDate.MIN, LocalDate.MAX);
        assertThat(nobody.firstSeen()).isNull();
        assertThat(nobody.events()).isZero();
    }

    @Test
    void conversionsAreThoseOfEachSubjectsFirstEvent() {
        Event[] events = randomEvents(700);
        ingest(events);
        Duration window = Duration.ofDays(3);
        EntityConversions answer = conversions().byEntity("open", "done", FROM, TO, window, 100);
        Map<String, Map<String, Instant>> firsts = new TreeMap<>();
        for (Event event : events) {
            if (event.name().equals("open") && event.subject() != null && event.entity() != null && inRange(event)) {
                firsts.computeIfAbsent(event.entity(), absent -> new HashMap<>())
                        .merge(event.subject(), event.occurredAt(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        List<EntityConversions.Entity> expected = new ArrayList<>();
        firsts.forEach((entity, bySubject) -> {
            List<Duration> delays = new ArrayList<>();
            bySubject.forEach((subject, first) -> {
                TreeSet<Instant> later = new TreeSet<>();
                for (Event event : events) {
                    if (event.name().equals("done")
                            && subject.equals(event.subject())
                            && entity.equals(event.entity())
                            && !event.occurredAt().isBefore(first)
                            && !event.occurredAt().isAfter(first.plus(window))) {
                        later.add(event.occurredAt());
                    }
                }
                if (!later.isEmpty()) {
                    delays.add(Duration.between(first, later.first()));
                }
            });
            delays.sort(null);
            expected.add(new EntityConversions.Entity(
                    entity,
                    bySubject.size(),
                    delays.size(),
                    (double) delays.size() / bySubject.size(),
                    delays.isEmpty() ? null : delays.get((delays.size() - 1) / 2)));
        });
        assertThat(answer.entities()).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(answer.entities())
                .isSortedAccordingTo(Comparator.comparingLong(EntityConversions.Entity::subjects)
                        .reversed()
                        .thenComparing(EntityConversions.Entity::entity));
        assertThat(answer.sampledShare()).isOne();
        assertThat(conversions().byEntity("open", "done", FROM, TO, window, 1).moreEntities())
                .isEqualTo(expected.size() - 1);
    }

    @Test
    void aConversionMayFollowTheRangeButNotTheWindow() {
        Instant last = TO.atStartOfDay(ZONE).toInstant().minusNanos(1_000);
        ingest(
                event("a", "open", "anna", "c", last),
                event("b", "done", "anna", "c", last.plus(HOUR)),
                event("c", "open", "bert", "c", last),
                event("d", "done", "bert", "c", last.plus(HOUR).plusNanos(1_000)),
                event("e", "open", "carl", "c", last.plusNanos(1_000)),
                event("f", "done", "dora", "c", last));
        assertThat(conversions().byEntity("open", "done", FROM, TO, HOUR, 9).entities())
                .containsExactly(new EntityConversions.Entity("c", 2, 1, 0.5, HOUR));
    }

    @Test
    void pathsAreTheBeginningsOfSessions() {
        Event[] events = randomEvents(600);
        ingest(events);
        Duration gap = Duration.ofHours(30);
        Paths answer = conversions().paths(FROM, TO, 2, gap, 1000);
        Map<String, List<Event>> bySubject = new HashMap<>();
        for (Event event : events) {
            if (event.subject() != null && inRange(event)) {
                bySubject
                        .computeIfAbsent(event.subject(), absent -> new ArrayList<>())
                        .add(event);
            }
        }
        Map<List<String>, Long> sessions = new HashMap<>();
        Map<List<String>, Set<String>> who = new HashMap<>();
        bySubject.forEach((subject, own) -> {
            own.sort(Comparator.comparing(Event::occurredAt).thenComparing(Event::name));
            List<String> path = new ArrayList<>();
            for (int i = 0; i < own.size(); i++) {
                if (path.size() < 2) {
                    path.add(own.get(i).name());
                }
                if (i + 1 == own.size()
                        || Duration.between(
                                                own.get(i).occurredAt(),
                                                own.get(i + 1).occurredAt())
                                        .compareTo(gap)
                                > 0) {
                    sessions.merge(List.copyOf(path), 1L, Long::sum);
                    who.computeIfAbsent(List.copyOf(path), absent -> new HashSet<>())
                            .add(subject);
                    path.clear();
                }
            }
        });
        assertThat(answer.paths()).as("seed %d", SEED).hasSameSizeAs(sessions.keySet());
        for (Paths.Path path : answer.paths()) {
            assertThat(path.sessions()).isEqualTo(sessions.get(path.names()));
            assertThat(path.subjects())
                    .isEqualTo(requireNonNull(who.get(path.names())).size());
        }
        assertThat(answer.paths())
                .isSortedAccordingTo(
                        Comparator.comparingLong(Paths.Path::sessions).reversed());
        assertThat(answer.sessions())
                .isEqualTo(sessions.values().stream().mapToLong(n -> n).sum());
        assertThat(conversions().paths(FROM, TO, 2, gap, 1).morePaths()).isEqualTo(sessions.size() - 1);
    }

    @Test
    void oneSubjectIsShownToThoseWhoMaySeeSubjectsOnly() {
        ingest(event("a", "open", "anna", "c", NOON));
        assertThatThrownBy(() -> smartData().subjects(acme(Permission.VIEW_SENSITIVE)))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("not_permitted"));
        assertThat(conversions().byEntity("open", "done", FROM, TO, HOUR, 9).toString())
                .doesNotContain("anna");
        assertThat(conversions().paths(FROM, TO, 3, HOUR, 9).toString()).doesNotContain("anna");
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        ingest(event("a", "open", "anna", "c", NOON));
        refused(() -> subjects().state("nul\0", null, FROM, TO));
        refused(() -> subjects().state("", null, FROM, TO));
        refused(() -> subjects().state("anna", "\uDC00", FROM, TO));
        refused(() -> subjects().profile("anna", TO, FROM));
        refused(() -> conversions().byEntity("open", "done", FROM, TO, Duration.ZERO, 9));
        refused(() -> conversions().byEntity("open", "done", FROM, TO, Duration.ofSeconds(Long.MAX_VALUE), 9));
        refused(() -> conversions().byEntity("open", "done", FROM, TO, HOUR, 0));
        refused(() -> conversions().paths(FROM, TO, 0, HOUR, 9));
        refused(() -> conversions().paths(FROM, TO, Conversions.MAX_LENGTH + 1, HOUR, 9));
        refused(() -> conversions().paths(FROM, TO, 3, HOUR, Conversions.MAX_LISTED + 1));
    }

    private static void refused(Runnable question) {
        assertThatThrownBy(question::run)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("invalid_request"));
    }
}
