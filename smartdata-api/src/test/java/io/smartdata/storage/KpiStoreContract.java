package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cells, deltas, and the work that moves the one into the other. */
public abstract class KpiStoreContract extends StorageContract {
    private static final Compaction NOTHING = new Compaction(0, Compaction.End.NOTHING_LEFT);

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
    void activityNamesEachBucketAndSourceOnce() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1), delta("g", "2026-03-01", 1), delta("g", "2026-03-02", 1));
        compactAll(acme, 10);
        add(acme, delta("f", "2026-03-01", 1), new KpiDelta(new CellKey("h", "2026-03-01", "app", "d=x"), state(1)));
        CellRange first = CellRange.days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 2));
        assertThat(activity(acme, CellRange.all()))
                .containsExactlyInAnyOrder("2026-03-01 shop", "2026-03-02 shop", "2026-03-01 app");
        assertThat(activity(acme, first)).containsExactlyInAnyOrder("2026-03-01 shop", "2026-03-01 app");
        assertThat(activity(acme, first.withFamily("h"))).containsExactly("2026-03-01 app");
        assertThat(activity(acme, first.withSource("shop"))).containsExactly("2026-03-01 shop");
    }

    private List<String> activity(OrgScope scope, CellRange range) {
        return storage().kpis().snapshot(scope, snapshot -> {
            List<String> found = new ArrayList<>();
            snapshot.activity(range, (bucket, source) -> found.add(bucket + " " + source));
            return found;
        });
    }

    @Test
    void familiesAreThoseWithStates() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1));
        compact(acme, 10);
        add(acme, delta("g", "2026-03-01", 1));
        assertThat(storage().kpis().snapshot(acme, KpiSnapshot::families)).containsExactlyInAnyOrder("f", "g");
    }

    @Test
    void theSpanHoldsEveryCellDeltaAndEvent() {
        OrgScope acme = org("acme");
        assertThat(span(acme))
                .as("of nothing")
                .satisfies(span -> assertThat(span.from()).isEqualTo(span.to()));
        add(acme, delta("f", "2026-03-01", 1), delta("g", "2026-03-04T23+14:00", 1));
        assertThat(span(acme)).isEqualTo(CellRange.days(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 5)));
        compactAll(acme, 10);
        add(acme, delta("f", "2026-02-20", 1));
        assertThat(span(acme)).isEqualTo(CellRange.days(LocalDate.of(2026, 2, 20), LocalDate.of(2026, 3, 5)));
        append(acme, event("a", Instant.parse("2026-03-10T00:00:00Z")).build());
        append(acme, event("b", Instant.parse("2026-02-10T23:59:59Z")).build());
        assertThat(span(acme).from()).isBetween(LocalDate.of(2026, 2, 8), LocalDate.of(2026, 2, 10));
        assertThat(span(acme).to()).isBetween(LocalDate.of(2026, 3, 11), LocalDate.of(2026, 3, 13));
        assertThat(span(org("globex")).from()).isEqualTo(span(org("globex")).to());
    }

    private CellRange span(OrgScope scope) {
        return storage().kpis().snapshot(scope, KpiSnapshot::span);
    }

    @Test
    void compactionTakesBoundedPiecesAndChangesNoFigure() {
        OrgScope acme = org("acme");
        for (int i = 1; i <= 10; i++) {
            add(acme, delta("f", "2026-03-01", i), delta("f", "2026-03-02", 100L * i));
        }
        assertThat(compact(acme, 7)).isEqualTo(new Compaction(7, Compaction.End.FULL));
        assertThat(sum(states(acme))).isEqualTo(55 + 5500);
        compactAll(acme, 7);
        assertThat(compact(acme, 7)).isEqualTo(NOTHING);
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 55), delta("f", "2026-03-02", 5500));
        add(acme, delta("f", "2026-03-01", 1));
        compactAll(acme, 100);
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 56), delta("f", "2026-03-02", 5500));
    }

    @Test
    void aPieceTakesNoMoreBytesThanItMayAndAtLeastOneRow() {
        OrgScope acme = org("acme");
        for (int i = 1; i <= 10; i++) {
            add(acme, delta("f", "2026-03-01", i));
        }
        assertThat(storage().kpis().compact(acme, 100, 3 * Long.BYTES, ADD).deltas())
                .isEqualTo(3);
        assertThat(storage().kpis().compact(acme, 100, 1, ADD).deltas()).isEqualTo(1);
        assertThat(sum(states(acme))).isEqualTo(55);
    }

    @Test
    void aPieceOfManyKeysLosesNone() {
        OrgScope acme = org("acme");
        for (int round = 0; round < 2; round++) {
            for (int append = 0; append < 3; append++) {
                add(
                        acme,
                        IntStream.range(0, 1_200)
                                .mapToObj(i -> new KpiDelta(
                                        new CellKey("f", "2026-03-01", "shop", "d=%05d".formatted(i)), state(i)))
                                .toArray(KpiDelta[]::new));
            }
            compactAll(acme, 2_000);
        }
        assertThat(states(acme))
                .extracting(delta -> number(delta.state()))
                .containsExactlyElementsOf(
                        LongStream.range(0, 1_200).mapToObj(i -> 6 * i).toList());
    }

    @Test
    void aKeyThatIsAlwaysWrittenDoesNotKeepTheOthersWaiting() {
        OrgScope acme = org("acme");
        add(acme, delta("a", "2026-03-01", 1), delta("m", "2026-03-01", 1), delta("z", "2026-03-01", 1));
        add(acme, delta("z", "2026-03-01", 1));
        for (int piece = 0; piece < 8; piece++) {
            compact(acme, 1);
            add(acme, delta("a", "2026-03-01", 1), delta("a", "2026-03-02", 1));
        }
        assertThat(states(acme).stream().filter(state -> !state.key().family().equals("a")))
                .containsExactly(delta("m", "2026-03-01", 1), delta("z", "2026-03-01", 2));
    }

    @Test
    void orgsWithDeltasAreNamedInOrder() {
        for (String name : List.of("globex", "acme", "initech", "umbrella")) {
            add(org(name), delta("f", "2026-03-01", 1), delta("g", "2026-03-01", 1));
        }
        org("empty");
        compactAll(org("initech"), 100);
        assertThat(uncompacted(null, 100)).containsExactly("acme", "globex", "umbrella");
        assertThat(uncompacted(OrgId.of("acme"), 1)).containsExactly("globex");
        assertThat(uncompacted(OrgId.of("h"), 100)).containsExactly("umbrella");
        assertThat(uncompacted(OrgId.of("umbrella"), 100)).isEmpty();
    }

    private List<String> uncompacted(@Nullable OrgId after, int limit) {
        return storage().kpis().uncompacted(system(), after, limit).stream()
                .map(OrgId::value)
                .toList();
    }

    @Test
    void twoCompactorsLoseNothingAndDoubleNothing() throws Exception {
        OrgScope acme = org("acme");
        ExecutorService pool = Executors.newFixedThreadPool(3);
        AtomicBoolean done = new AtomicBoolean();
        try {
            List<Future<Integer>> compactors = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                compactors.add(pool.submit(() -> {
                    int taken = 0;
                    while (!done.get()) {
                        taken += compact(acme, 5).deltas();
                    }
                    return taken;
                }));
            }
            for (int i = 1; i <= 100; i++) {
                add(acme, delta("f", "2026-03-01", i), delta("f", "2026-03-02", 100L * i), delta("g", "2026-03-01", 1));
                assertThat(sum(states(acme))).isEqualTo(101L * i * (i + 1) / 2 + i);
            }
            done.set(true);
            int taken = compactors.get(0).get() + compactors.get(1).get();
            assertThat(taken + compactAll(acme, 5)).as("each delta once").isEqualTo(300);
            assertThat(states(acme))
                    .containsExactly(
                            delta("f", "2026-03-01", 5_050),
                            delta("f", "2026-03-02", 505_000),
                            delta("g", "2026-03-01", 100));
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
    }

    @Test
    void compactionOfAnOrgWithoutDataDoesNothing() {
        assertThat(compact(org("acme"), 10)).isEqualTo(NOTHING);
    }

    @Test
    void compactionTouchesNoOtherOrg() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        add(acme, delta("f", "2026-03-01", 1));
        add(globex, delta("f", "2026-03-01", 2));
        add(globex, delta("f", "2026-03-01", 3));
        compact(acme, 10);
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
                    taken += compact(acme, 3).deltas();
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
            List<Event> events = new ArrayList<>();
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
        compact(acme, 1);
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

    @Test
    void theBacklogCountsBatchesUntilTheirLastDeltaIsMerged() {
        OrgScope acme = org("acme");
        assertThat(storage().kpis().backlog(acme).batches()).isZero();
        assertThat(storage().kpis().backlog(acme).lag()).isZero();
        add(acme, delta("f", "2026-03-01", 1), delta("f", "2026-03-02", 1));
        add(acme, delta("f", "2026-03-01", 1), delta("f", "2026-03-02", 1));
        Backlog both = storage().kpis().backlog(acme);
        assertThat(both.batches()).isEqualTo(2);
        assertThat(both.oldestAddedAt()).isBeforeOrEqualTo(both.asOf());
        compact(acme, 3);
        assertThat(storage().kpis().backlog(acme).batches()).isEqualTo(1);
        compactAll(acme, 3);
        assertThat(storage().kpis().backlog(acme).oldestAddedAt()).isNull();
    }

    @Test
    void theBacklogOfAllOrgsHasTheOldestOfAny() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        add(acme, delta("f", "2026-03-01", 1));
        add(globex, delta("f", "2026-03-01", 1));
        add(globex, delta("f", "2026-03-01", 1));
        Backlog all = storage().kpis().backlog(system());
        assertThat(all.batches()).isEqualTo(3);
        assertThat(all.oldestAddedAt()).isEqualTo(storage().kpis().backlog(acme).oldestAddedAt());
        compactAll(acme, 10);
        assertThat(storage().kpis().backlog(system()).oldestAddedAt())
                .isEqualTo(storage().kpis().backlog(globex).oldestAddedAt());
    }

    @Test
    void anOrgSeesItsOwnBacklogOnlyAndAnUnknownOneHasNone() {
        add(org("acme"), delta("f", "2026-03-01", 1));
        assertThat(storage().kpis().backlog(org("globex")).batches()).isZero();
        assertThat(storage().kpis().backlog(scope("nobody")).batches()).isZero();
    }

    private Compaction compact(OrgScope scope, int rows) {
        return storage().kpis().compact(scope, rows, Long.MAX_VALUE, ADD);
    }

    private int compactAll(OrgScope scope, int rows) {
        int taken = 0;
        Compaction piece;
        do {
            piece = compact(scope, rows);
            assertThat(piece.deltas()).isLessThanOrEqualTo(rows);
            taken += piece.deltas();
        } while (piece.end() == Compaction.End.FULL);
        return taken;
    }

    private static long sum(List<KpiDelta> states) {
        return states.stream().mapToLong(state -> number(state.state())).sum();
    }
}
