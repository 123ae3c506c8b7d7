package io.smartdata.core.deadletter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.core.ingest.Transformation;
import io.smartdata.event.DeadLetter;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.tenancy.OrgScope;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An input full of dead letters of every kind, a correction for most of them, and what becomes of each letter once the
 * correction was replayed, however often, from however many nodes and wherever a node was killed. Worked out from the rows
 * alone.
 */
public final class LetterScenario {
    /** Turns rows with a number in quotes into events. */
    public static final Transformation FIX = Transformation.none().cast("value", Transformation.Type.NUMBER);

    private enum Kind {
        GOOD,
        FIXABLE,
        HOPELESS,
        /** Its key is taken by the event that it becomes. */
        TAKEN_BY_ITSELF,
        /** Its key is taken by another event. */
        TAKEN
    }

    private record Row(int number, Kind kind, @Nullable String subject, BigDecimal value) {
        String asSent() {
            return switch (kind) {
                case GOOD -> json(value.toString(), true);
                case HOPELESS -> json("\"" + value + "\"", false);
                default -> json("\"" + value + "\"", true);
            };
        }

        String takesItsKey() {
            return json((kind == Kind.TAKEN ? value.add(BigDecimal.ONE) : value).toString(), true);
        }

        private String json(String writtenValue, boolean hasTime) {
            return "{\"id\":\"e%d\",\"name\":\"tick\",\"time\":\"%s\",\"value\":%s%s}%n"
                    .formatted(
                            number,
                            hasTime ? Instant.ofEpochSecond(1_700_000_000L + number * 1000L) : "never",
                            writtenValue,
                            subject == null ? "" : ",\"subject\":\"" + subject + "\"");
        }
    }

    private final List<Row> rows = new ArrayList<>();

    /**
     * @param size rows sent
     */
    public LetterScenario(long seed, int size) {
        Random random = new Random(seed);
        for (int number = 1; number <= size; number++) {
            int dice = random.nextInt(100);
            Kind kind = dice < 15
                    ? Kind.GOOD
                    : dice < 80
                            ? Kind.FIXABLE
                            : dice < 85 ? Kind.HOPELESS : dice < 95 ? Kind.TAKEN_BY_ITSELF : Kind.TAKEN;
            String subject = random.nextInt(10) == 0 ? null : "s" + random.nextInt(1 + size / 8);
            rows.add(new Row(number, kind, subject, BigDecimal.valueOf(random.nextInt(100_000), 2)));
        }
    }

    /** Ingests the rows, then the events that take some of their keys. */
    public void send(SmartData smartData, OrgScope scope) {
        send(smartData, scope, rows.stream().map(Row::asSent).collect(Collectors.joining()));
        send(
                smartData,
                scope,
                rows.stream()
                        .filter(row -> row.kind() == Kind.TAKEN || row.kind() == Kind.TAKEN_BY_ITSELF)
                        .map(Row::takesItsKey)
                        .collect(Collectors.joining()));
    }

    private static void send(SmartData smartData, OrgScope scope, String lines) {
        smartData
                .ingest(scope)
                .input(
                        () -> new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
                        IngestOptions.lenient(ReadOptions.defaults("clock")));
    }

    /** What must become of each letter, by its row: a subject waits from its first letter that stays open. */
    public Map<Long, DeadLetter.Status> fates() {
        Map<Long, DeadLetter.Status> fates = new TreeMap<>();
        Set<String> waiting = new HashSet<>();
        for (Row row : rows) {
            if (row.kind() != Kind.GOOD) {
                boolean replayed = (row.kind() == Kind.FIXABLE || row.kind() == Kind.TAKEN_BY_ITSELF)
                        && !waiting.contains(row.subject());
                if (!replayed && row.subject() != null) {
                    waiting.add(row.subject());
                }
                fates.put((long) row.number(), replayed ? DeadLetter.Status.REPLAYED : DeadLetter.Status.OPEN);
            }
        }
        return fates;
    }

    /** Letters that must be replayed. */
    public long replayed() {
        return fates().values().stream()
                .filter(DeadLetter.Status.REPLAYED::equals)
                .count();
    }

    /** What the letters are now, by their row. */
    public static Map<Long, DeadLetter> letters(SmartData smartData, OrgScope scope) {
        return smartData.deadLetters(scope).list(DeadLetterQuery.any(DeadLetterQuery.MAX_LIMIT)).stream()
                .collect(Collectors.toMap(DeadLetter::row, letter -> letter, (a, b) -> a, TreeMap::new));
    }

    /** True until the first letter was tried. */
    public static boolean untouched(SmartData smartData, OrgScope scope) {
        return smartData.deadLetters(scope).list(DeadLetterQuery.any(1)).stream()
                .allMatch(letter -> letter.attempts() == 0);
    }

    /** Letters that are open although they must be replayed. */
    public long stuck(SmartData smartData, OrgScope scope) {
        Map<Long, DeadLetter.Status> fates = fates();
        return letters(smartData, scope).values().stream()
                .filter(letter -> letter.status() == DeadLetter.Status.OPEN
                        && fates.get(letter.row()) == DeadLetter.Status.REPLAYED)
                .count();
    }

    /** Fails unless every letter, event and figure is what it must be after a whole replay. */
    public void assertDone(SmartData smartData, OrgScope scope, String description) {
        Map<Long, DeadLetter.Status> statuses = new TreeMap<>();
        letters(smartData, scope).forEach((row, letter) -> statuses.put(row, letter.status()));
        assertThat(statuses).as(description).isEqualTo(fates());
        assertFigures(smartData, scope, fates(), description);
    }

    /** Fails unless the letters of each subject that were replayed so far are its first ones, and the figures are theirs. */
    public void assertInOrder(SmartData smartData, OrgScope scope, String description) {
        Map<Long, DeadLetter.Status> statuses = new TreeMap<>();
        letters(smartData, scope).forEach((row, letter) -> statuses.put(row, letter.status()));
        Set<String> waiting = new HashSet<>();
        for (Row row : rows) {
            if (row.kind() != Kind.GOOD && row.subject() != null) {
                boolean open = statuses.get((long) row.number()) == DeadLetter.Status.OPEN;
                assertThat(open || !waiting.contains(row.subject()))
                        .as("%s: row %d of %s came in before an earlier one", description, row.number(), row.subject())
                        .isTrue();
                if (open) {
                    waiting.add(row.subject());
                }
            }
        }
        assertFigures(smartData, scope, statuses, description);
    }

    private void assertFigures(
            SmartData smartData, OrgScope scope, Map<Long, DeadLetter.Status> statuses, String description) {
        BigDecimal sum = BigDecimal.ZERO;
        long events = 0;
        for (Row row : rows) {
            DeadLetter.Status status = statuses.get((long) row.number());
            boolean stored = switch (row.kind()) {
                case GOOD, TAKEN, TAKEN_BY_ITSELF -> true;
                default -> status == DeadLetter.Status.REPLAYED;
            };
            if (stored) {
                events++;
                sum = sum.add(row.kind() == Kind.TAKEN ? row.value().add(BigDecimal.ONE) : row.value());
            }
        }
        var verification = smartData.kpis(scope).verify(CellRange.FIRST_DAY, CellRange.END);
        assertThat(verification.clean()).as(description).isTrue();
        assertThat(verification.events()).as(description).isEqualTo(events);
        BigDecimal counted = smartData
                .kpis(scope)
                .series(KpiQuery.of("tick.sum").between(CellRange.FIRST_DAY, CellRange.END))
                .points()
                .stream()
                .map(point -> new BigDecimal(requireNonNull(point.valueText())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(counted).as(description).isEqualByComparingTo(sum);
    }
}
