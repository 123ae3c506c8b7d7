package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KpiVerifierTest {
    private static final LocalDate FROM = CellRange.FIRST_DAY;
    private static final LocalDate TO = CellRange.END;

    private MemoryKpis store = newStore();

    private static MemoryKpis newStore() {
        return new MemoryKpis(
                "Pacific/Auckland",
                KpiCatalog.of(
                        Kpi.sum("revenue").event("order").dimension("country"),
                        Kpi.distinct("buyers").event("order")));
    }

    @BeforeEach
    void storeHalfAYearInBatches() {
        Random random = new Random(9);
        for (int batch = 0; batch < 20; batch++) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                events.add(Event.named(
                                random.nextBoolean() ? "order" : "login",
                                Instant.parse("2024-01-01T00:00:00Z").plusSeconds(random.nextInt(180 * 86_400)))
                        .id(batch + "/" + i)
                        .source("s" + random.nextInt(2))
                        .subject("u" + random.nextInt(30))
                        .value(random.nextInt(1000))
                        .properties(Map.of("country", "c" + random.nextInt(3)))
                        .build());
            }
            store.append(events);
        }
    }

    @Test
    void untouchedCellsAreClean() {
        Verification found = KpiVerifier.verify(store, store.catalog, FROM, TO);
        assertThat(found.clean()).isTrue();
        assertThat(found.events()).isEqualTo(1_000);
        assertThat(found.cells())
                .isEqualTo(store.deltas.stream().map(KpiDelta::key).distinct().count());
    }

    @Test
    void everyDamagedCellIsNamedAndARebuildMakesItTheSameBytesAgain() {
        KpiRebuilder.rebuildAll(store, store.catalog);
        List<KpiDelta> right = sorted(store.deltas);
        KpiDelta lost = store.deltas.remove(17);
        KpiDelta changed = store.deltas.get(3);
        KpiDelta unreadable = store.deltas.get(5);
        store.deltas.set(
                3,
                new KpiDelta(
                        changed.key(),
                        new KpiStates().merge(changed.key().family(), List.of(changed.state(), changed.state()))));
        store.deltas.set(5, new KpiDelta(unreadable.key(), new byte[] {9, 9, 9}));
        Event gone = store.raw.stream()
                .filter(event -> event.name().equals("login"))
                .findFirst()
                .orElseThrow();
        store.raw.remove(gone);

        Verification found = KpiVerifier.verify(store, store.catalog, FROM, TO);
        assertThat(found.differenceCount()).isEqualTo(5);
        assertThat(found.differences())
                .filteredOn(difference -> difference.kind() == CellDifference.Kind.MISSING)
                .extracting(CellDifference::key)
                .containsExactly(lost.key());
        assertThat(found.differences())
                .filteredOn(difference -> difference.kind() == CellDifference.Kind.DAMAGED)
                .extracting(CellDifference::key)
                .containsExactly(unreadable.key());
        assertThat(found.differences()).extracting(CellDifference::key).contains(changed.key());

        store.raw.add(gone);
        KpiRebuilder.Rebuilt rebuilt = KpiRebuilder.rebuildAll(store, store.catalog);
        assertThat(rebuilt.events()).isEqualTo(1_000);
        assertThat(sorted(store.deltas)).isEqualTo(right);
    }

    @Test
    void onlyTheDaysAskedForAreCompared() {
        LocalDate from = LocalDate.of(2024, 3, 10);
        LocalDate to = LocalDate.of(2024, 3, 20);
        Verification found = KpiVerifier.verify(store, store.catalog, from, to);
        assertThat(found.clean()).isTrue();
        assertThat(found.cells())
                .isEqualTo(store.deltas.stream()
                        .map(KpiDelta::key)
                        .filter(key -> key.bucket().compareTo("2024-03-10") >= 0
                                && key.bucket().compareTo("2024-03-20") < 0)
                        .distinct()
                        .count());
        assertThat(KpiVerifier.verify(store, store.catalog, from, from).cells()).isZero();
    }

    @Test
    void daysWithoutRawEventsAreFrozenAndNotRebuilt() {
        Instant rawFrom = Instant.parse("2024-03-01T00:00:00Z");
        store.rawFrom(rawFrom);
        store.raw.removeIf(event -> event.occurredAt().isBefore(rawFrom));
        Verification found = KpiVerifier.verify(store, store.catalog, FROM, TO);
        assertThat(found.clean()).isTrue();
        assertThat(found.frozen()).isPositive();
        List<KpiDelta> before = List.copyOf(store.deltas);
        assertThatThrownBy(() -> KpiRebuilder.rebuild(store, store.catalog, LocalDate.of(2024, 2, 1), TO))
                .hasMessageContaining("2024-03-02");
        assertThat(store.deltas).isEqualTo(before);
        KpiRebuilder.rebuildAll(store, store.catalog);
        assertThat(KpiVerifier.verify(store, store.catalog, FROM, TO).clean()).isTrue();
    }

    private static List<KpiDelta> sorted(List<KpiDelta> deltas) {
        return deltas.stream().sorted(Comparator.comparing(KpiDelta::key)).toList();
    }
}
