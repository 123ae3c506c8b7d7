package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgScope;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Cells, deltas, and the work that moves the one into the other. */
public abstract class KpiStoreContract extends StorageContract {
    @Test
    void deltasOfOneKeyLieNextToEachOther() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1), delta("f", "2026-03-02", 10));
        add(acme, delta("e", "2026-03-01", 100), delta("f", "2026-03-01", 2));
        assertThat(states(acme))
                .extracting(delta -> delta.key().family() + " " + delta.key().bucket())
                .containsExactly("e 2026-03-01", "f 2026-03-01", "f 2026-03-01", "f 2026-03-02");
    }

    @Test
    void keysAreOrderedByCodePoint() {
        OrgScope acme = org("acme");
        List<String> ordered = List.of("", "A", "B", "_", "a", "\u00e9", "\u6F22", "\uFF21", "\uD83D\uDE00");
        List<KpiDelta> deltas = ordered.stream()
                .map(dimension -> new KpiDelta(new CellKey("f", "2026-03-01", "shop", dimension), state(1)))
                .toList();
        deltas.forEach(delta -> add(acme, delta));
        assertThat(states(acme)).extracting(delta -> delta.key().dimension()).containsExactlyElementsOf(ordered);
    }

    @Test
    void aRangeKeepsFamilySourceAndDays() {
        OrgScope acme = org("acme");
        add(
                acme,
                delta("f", "2026-03-01", 1),
                delta("f", "2026-03-01T23+02:00", 2),
                delta("f", "2026-03-02", 4),
                delta("g", "2026-03-01", 8));
        add(acme, new KpiDelta(new CellKey("f", "2026-03-01", "app", ""), state(16)));
        CellRange day = CellRange.days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
        assertThat(sum(states(acme, day))).isEqualTo(1 + 2 + 8 + 16);
        assertThat(sum(states(acme, day.withFamily("f")))).isEqualTo(1 + 2 + 16);
        assertThat(sum(states(acme, day.withFamily("f").withSource("app")))).isEqualTo(16);
    }

    @Test
    void familiesAreThoseWithStates() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1));
        storage().kpis().compact(acme, 10, ADD);
        add(acme, delta("g", "2026-03-01", 1));
        assertThat(storage().kpis().snapshot(acme, KpiSnapshot::families)).containsExactlyInAnyOrder("f", "g");
    }

    @Test
    void compactionTakesBoundedPiecesAndChangesNoFigure() {
        OrgScope acme = org("acme");
        for (int i = 1; i <= 10; i++) {
            add(acme, delta("f", "2026-03-01", i), delta("f", "2026-03-02", 100L * i));
        }
        assertThat(storage().kpis().compact(acme, 7, ADD)).isEqualTo(7);
        assertThat(sum(states(acme))).isEqualTo(55 + 5500);
        assertThat(storage().kpis().compact(acme, 100, ADD)).isEqualTo(13);
        assertThat(storage().kpis().compact(acme, 100, ADD)).isZero();
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 55), delta("f", "2026-03-02", 5500));
        add(acme, delta("f", "2026-03-01", 1));
        storage().kpis().compact(acme, 100, ADD);
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 56), delta("f", "2026-03-02", 5500));
    }

    @Test
    void compactionOfAnOrgWithoutDataDoesNothing() {
        assertThat(storage().kpis().compact(org("acme"), 10, ADD)).isZero();
    }

    @Test
    void compactionTouchesNoOtherOrg() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        add(acme, delta("f", "2026-03-01", 1));
        add(globex, delta("f", "2026-03-01", 2));
        add(globex, delta("f", "2026-03-01", 3));
        storage().kpis().compact(acme, 10, ADD);
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 1));
        assertThat(states(globex)).hasSize(2);
    }

    @Test
    void aSnapshotSeesEveryCommittedDeltaExactlyOnceWhileCompactionRuns() throws Exception {
        OrgScope acme = org("acme");
        ExecutorService pool = Executors.newFixedThreadPool(2);
        AtomicBoolean done = new AtomicBoolean();
        try {
            Future<Integer> compacted = pool.submit(() -> {
                int taken = 0;
                while (!done.get()) {
                    taken += storage().kpis().compact(acme, 3, ADD);
                }
                return taken;
            });
            Future<Boolean> written = pool.submit(() -> {
                for (int i = 1; i <= 100; i++) {
                    add(acme, delta("f", "2026-03-01", 1), delta("f", "2026-03-02", -1));
                }
                return true;
            });
            long seen = 0;
            while (!written.isDone()) {
                List<KpiDelta> states = states(acme);
                assertThat(sum(states))
                        .as("both halves of every append, or none")
                        .isZero();
                long now = states.stream()
                        .filter(state -> state.key().bucket().equals("2026-03-01"))
                        .mapToLong(state -> number(state.state()))
                        .sum();
                assertThat(now).as("nothing that was seen goes away").isGreaterThanOrEqualTo(seen);
                seen = now;
            }
            assertThat(written.get()).isTrue();
            done.set(true);
            assertThat(compacted.get()).isNotNegative();
            CellRange first = CellRange.days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
            assertThat(sum(states(acme, first))).isEqualTo(100);
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
    }

    @Test
    void aSnapshotIsOfOneMoment() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1));
        append(acme, event("a").build());
        storage().kpis().snapshot(acme, snapshot -> {
            List<StoredEvent> events = new ArrayList<>();
            List<KpiDelta> states = new ArrayList<>();
            snapshot.events(EventRange.all(), events::add);
            snapshot.states(CellRange.all(), states::add);
            assertThat(events).hasSize(1);
            assertThat(states).hasSize(1);
            assertThat(snapshot.org().org()).isEqualTo(acme.org());
            assertThat(snapshot.dataFreshAsOf()).isNotNull();
            return true;
        });
    }

    @Test
    void rebuildReplacesItsRangeOnly() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1), delta("f", "2026-03-02", 2), delta("g", "2026-03-02", 3));
        storage().kpis().compact(acme, 1, ADD);
        storage().kpis().rebuild(acme, rebuild -> {
            rebuild.replace(
                    CellRange.days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2)),
                    List.of(delta("f", "2026-03-01", 7), delta("h", "2026-03-01", 8)));
            return true;
        });
        assertThat(states(acme))
                .containsExactly(
                        delta("f", "2026-03-01", 7),
                        delta("f", "2026-03-02", 2),
                        delta("g", "2026-03-02", 3),
                        delta("h", "2026-03-01", 8));
    }

    @Test
    void rebuildOfOneFamilyKeepsTheOthers() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1), delta("g", "2026-03-01", 2));
        storage().kpis().rebuild(acme, rebuild -> {
            rebuild.replace(CellRange.all().withFamily("f"), List.of());
            return true;
        });
        assertThat(states(acme)).containsExactly(delta("g", "2026-03-01", 2));
    }

    private static long sum(List<KpiDelta> states) {
        return states.stream().mapToLong(state -> number(state.state())).sum();
    }
}
