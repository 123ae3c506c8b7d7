package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.event.Outcome;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.OrgScope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases, runs, and the fence that makes what a job writes take effect once. */
@Timeout(120)
public abstract class JobStoreContract extends StorageContract {
    private static final Duration LONG = Duration.ofHours(1);
    /** Ends before the next call of the same client. */
    private static final Duration OVER = Duration.ZERO;

    private static final Instant SLOT = Instant.parse("2026-03-01T02:15:00Z");

    private JobStore jobs() {
        return storage().jobs();
    }

    private Lease take(String owner, Duration length) {
        return jobs().take(system(), "nightly", owner, length).orElseThrow();
    }

    private JobRun begin(Lease lease) {
        return jobs().begin(system(), lease, SLOT).orElseThrow();
    }

    private static OrgScope under(OrgScope scope, Lease lease, String unit) {
        return scope.under(new Fence(lease.job(), SLOT, unit, lease.fence()));
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void theClockOfTheDatabaseMovesOn() {
        Instant before = jobs().now(system());
        assertThat(jobs().now(system())).isAfterOrEqualTo(before);
    }

    @Test
    void aLeaseThatSomebodyHoldsIsNotTaken() {
        Lease lease = take("a", LONG);
        assertThat(lease.until()).isAfter(jobs().now(system()));
        assertThat(jobs().take(system(), "nightly", "b", LONG)).isEmpty();
        assertThat(jobs().take(system(), "nightly", "a", LONG)).isEmpty();
        assertThat(jobs().take(system(), "weekly", "b", LONG)).isPresent();
    }

    @Test
    void aLeaseThatHasEndedIsTakenUnderAGreaterFence() {
        Lease ended = take("a", OVER);
        Lease taken = take("b", LONG);
        assertThat(taken.owner()).isEqualTo("b");
        assertThat(taken.fence()).isGreaterThan(ended.fence());
    }

    @Test
    void onlyOneOfManyNodesTakesALease() throws Exception {
        int nodes = 8;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            List<Callable<Boolean>> takers = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                String owner = "node-" + i;
                takers.add(() -> jobs().take(system(), "nightly", owner, LONG).isPresent());
            }
            int won = 0;
            for (Future<Boolean> taker : threads.invokeAll(takers, 60, TimeUnit.SECONDS)) {
                won += taker.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLeaseIsRenewedUnderItsOwnFenceOnly() {
        Lease lease = take("a", LONG);
        assertThat(jobs().renew(system(), lease, LONG.multipliedBy(2)))
                .get()
                .satisfies(renewed -> assertThat(renewed.until()).isAfter(lease.until()))
                .extracting(Lease::fence)
                .isEqualTo(lease.fence());
        assertThat(jobs().renew(system(), new Lease("nightly", "b", lease.fence(), SLOT), LONG))
                .isEmpty();
        assertThat(jobs().renew(system(), new Lease("nightly", "a", lease.fence() - 1, SLOT), LONG))
                .isEmpty();
    }

    @Test
    void aLeaseThatHasEndedIsNotRenewed() {
        Lease lease = take("a", OVER);
        assertThat(jobs().renew(system(), lease, LONG)).isEmpty();
        take("b", LONG);
    }

    @Test
    void aLeaseIsGivenBackByItsOwnerOnceAndCanBeTaken() {
        Lease lease = take("a", LONG);
        assertThat(jobs().release(system(), new Lease("nightly", "b", lease.fence(), SLOT)))
                .isFalse();
        assertThat(jobs().release(system(), lease)).isTrue();
        assertThat(jobs().release(system(), lease)).isFalse();
        assertThat(jobs().renew(system(), lease, LONG)).isEmpty();
        assertThat(take("b", LONG).fence()).isGreaterThan(lease.fence());
    }

    @Test
    void aLateReleaseLeavesTheNextHolderAlone() {
        Lease late = take("a", OVER);
        take("b", LONG);
        assertThat(jobs().release(system(), late)).isFalse();
        assertThat(jobs().take(system(), "nightly", "c", LONG)).isEmpty();
    }

    @Test
    void aSlotRunsOnceAndIsRemembered() {
        Lease lease = take("a", LONG);
        JobRun run = begin(lease);
        assertThat(run.status()).isEqualTo(JobRun.Status.RUNNING);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.slot()).isEqualTo(SLOT);
        assertThat(jobs().begin(system(), lease, SLOT))
                .as("begun by the same lease")
                .isEmpty();
        assertThat(jobs().end(system(), run, JobRun.End.done(7)))
                .isEqualTo(jobs().history(system(), "nightly", 1).stream().findFirst());
        assertThat(jobs().end(system(), run, JobRun.End.done(8))).isEmpty();
        assertThat(jobs().begin(system(), lease, SLOT)).as("ended").isEmpty();
        assertThat(jobs().unfinished(system(), "nightly")).isEmpty();
        assertThat(jobs().history(system(), "nightly", 10)).singleElement().satisfies(ended -> {
            assertThat(ended.status()).isEqualTo(JobRun.Status.DONE);
            assertThat(ended.processed()).isEqualTo(7);
            assertThat(ended.owner()).isEqualTo("a");
            assertThat(ended.endedAt()).isAfterOrEqualTo(ended.startedAt());
            assertThat(ended.errorCode()).isNull();
        });
    }

    @Test
    void aRunThatFailedSaysWhy() {
        JobRun run = begin(take("a", LONG));
        jobs().end(system(), run, JobRun.End.failed(3, "store_failure", "The database refused a statement."));
        assertThat(jobs().history(system(), "nightly", 1)).singleElement().satisfies(failed -> {
            assertThat(failed.status()).isEqualTo(JobRun.Status.FAILED);
            assertThat(failed.errorCode()).isEqualTo("store_failure");
            assertThat(failed.errorMessage()).isEqualTo("The database refused a statement.");
        });
    }

    @Test
    void aRunWhoseNodeDiedIsTakenOverByTheNextHolderOnly() {
        Lease dead = take("a", OVER);
        JobRun begun = begin(dead);
        assertThat(jobs().unfinished(system(), "nightly")).contains(begun);
        Lease next = take("b", LONG);
        JobRun taken = begin(next);
        assertThat(taken.attempt()).isEqualTo(2);
        assertThat(taken.owner()).isEqualTo("b");
        assertThat(taken.startedAt()).isEqualTo(begun.startedAt());
        assertThat(jobs().end(system(), begun, JobRun.End.done(1)))
                .as("the dead node wakes up")
                .isEmpty();
        assertRefused("fenced_off", () -> jobs().begin(system(), dead, SLOT.plusSeconds(60)));
        assertThat(jobs().end(system(), taken, JobRun.End.done(1))).isPresent();
    }

    @Test
    void theOldestUnfinishedRunComesFirst() {
        begin(take("a", OVER));
        Lease next = take("b", LONG);
        assertThat(jobs().begin(system(), next, SLOT.plusSeconds(60))).isPresent();
        assertThat(jobs().unfinished(system(), "nightly"))
                .get()
                .extracting(JobRun::slot)
                .isEqualTo(SLOT);
    }

    @Test
    void theLatestSlotsAreKeptAndWhatStillRuns() {
        Lease lease = take("a", LONG);
        begin(lease);
        for (int i = 1; i <= 5; i++) {
            JobRun run = jobs().begin(system(), lease, SLOT.plusSeconds(i)).orElseThrow();
            jobs().end(system(), run, JobRun.End.done(i));
        }
        assertThat(jobs().purge(system(), "nightly", 2)).isEqualTo(3);
        assertThat(jobs().purge(system(), "nightly", 2)).isZero();
        assertThat(jobs().history(system(), "nightly", 10))
                .extracting(JobRun::slot)
                .containsExactly(SLOT.plusSeconds(5), SLOT.plusSeconds(4), SLOT);
        assertThat(jobs().history(system(), "nightly", 1)).hasSize(1);
        assertThat(jobs().history(system(), "weekly", 10)).isEmpty();
    }

    @Test
    void aWriteUnderTheNewestFenceTakesEffectOncePerUnit() {
        OrgScope acme = org("acme");
        Lease lease = take("a", LONG);
        OrgScope fenced = under(acme, lease, "acme orders");
        assertThat(jobs().done(system(), fenced.fence().orElseThrow())).isFalse();
        assertThat(append(fenced, event("a").build())).containsExactly(Outcome.ACCEPTED);
        assertThat(jobs().done(system(), fenced.fence().orElseThrow())).isTrue();
        assertRefused("effect_taken", () -> append(fenced, event("b").build()));
        assertThat(append(under(acme, lease, "acme visits"), event("c").build()))
                .containsExactly(Outcome.ACCEPTED);
        assertThat(scan(acme)).hasSize(2);
    }

    @Test
    void aWriteThatFailsLeavesItsUnitToBeDone() {
        OrgScope acme = org("acme");
        OrgScope fenced = under(acme, take("a", LONG), "acme");
        assertThatThrownBy(() -> storage().events().append(fenced, transaction -> {
                    transaction.insert(List.of(candidate(event("a").build())));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(append(fenced, event("a").build())).containsExactly(Outcome.ACCEPTED);
    }

    @Test
    void everyWriteOfANodeThatLostItsLeaseIsRefused() {
        OrgScope acme = org("acme");
        Lease frozen = take("a", OVER);
        append(under(acme, frozen, "before"), event("a").build());
        take("b", LONG);
        OrgScope late = under(acme, frozen, "after");
        assertRefused("fenced_off", () -> append(late, event("b").build()));
        assertRefused(
                "fenced_off",
                () -> storage()
                        .results()
                        .replaceAnomalies(
                                late,
                                LocalDate.EPOCH,
                                LocalDate.EPOCH,
                                List.of(new FoundAnomalies(SeriesKey.of("orders"), List.of(), NOON))));
        assertRefused("fenced_off", () -> storage().kpis().rebuild(late, rebuild -> true));
        assertRefused("fenced_off", () -> storage().orgs().activate(late, ZoneOffset.UTC, List.of(), backfill -> {}));
        assertThat(scan(acme)).hasSize(1);
    }

    @Test
    void aWriteAfterTheLeaseWasGivenBackIsRefused() {
        OrgScope acme = org("acme");
        Lease lease = take("a", LONG);
        jobs().release(system(), lease);
        assertRefused(
                "fenced_off",
                () -> append(under(acme, lease, "acme"), event("a").build()));
        assertThat(scan(acme)).isEmpty();
    }

    @Test
    void creatingAnOrgAndCompactionMayBeRepeated() {
        OrgScope acme = org("acme");
        KpiDelta delta = delta("f", "2026-03-01", 1);
        add(acme, delta);
        OrgScope fenced = under(acme, take("a", LONG), "acme");
        storage().orgs().ensure(fenced, ZoneOffset.UTC);
        storage().kpis().compact(fenced, 10, Long.MAX_VALUE, ADD);
        assertThat(append(fenced, event("a").build())).containsExactly(Outcome.ACCEPTED);
        assertThat(states(acme)).containsExactly(delta);
    }

    @Test
    void aLeaseChangesHandsOnlyAfterTheWriteThatIsAboutToCommit() throws Exception {
        OrgScope acme = org("acme");
        Lease old = take("a", OVER);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Lease> taking = storage().events().append(under(acme, old, "acme"), transaction -> {
                transaction.insert(List.of(candidate(event("a").build())));
                return thread.submit(() -> take("b", LONG));
            });
            Lease taken = taking.get(60, TimeUnit.SECONDS);
            assertThat(taken.fence()).isGreaterThan(old.fence());
            assertThat(scan(acme))
                    .as("committed before the lease changed hands")
                    .hasSize(1);
        } catch (SmartDataException e) {
            assertThat(e.code()).as("or refused since it changed hands first").isEqualTo("fenced_off");
            assertThat(scan(acme)).isEmpty();
        } finally {
            thread.shutdownNow();
        }
    }
}
