package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.storage.ExportJob.Status;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exports that run by themselves: who sees them, who runs them, and that half of one is never whole. */
public abstract class ExportStoreContract extends StorageContract {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST = 3;
    private static final int ATTEMPTS = 2;
    private static final ExportJob.Request REQUEST = new ExportJob.Request(
            new EventRange("shop", Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z")), "ndjson", true);
    private static final ExportJob.Result RESULT = new ExportJob.Result(7, 3, "abc");

    private ExportStore exports() {
        return storage().exports();
    }

    private static OrgScope as(String caller, String org) {
        return OrgScope.request(
                AccessPolicy.singleOperator(), Caller.of(caller), scope(org).org(), Permission.EXPORT);
    }

    private ExportJob request(OrgScope scope) {
        return exports().request(scope, REQUEST, MOST, HOUR).orElseThrow();
    }

    private ExportJob take(OrgScope scope, Duration lease) {
        return exports().take(scope, ATTEMPTS, lease).orElseThrow();
    }

    private ExportJob done(OrgScope scope, Duration keep) {
        request(scope);
        ExportJob taken = take(scope, HOUR);
        assertThat(exports().append(scope, taken, 0, new byte[] {1, 2}, HOUR)).isTrue();
        assertThat(exports().append(scope, taken, 1, new byte[] {3}, HOUR)).isTrue();
        assertThat(exports().complete(scope, taken, RESULT, keep)).isTrue();
        return taken;
    }

    @Test
    void anExportWaitsRunsAndIsDoneWithItsChunksInOrder() {
        OrgScope acme = org("acme");
        ExportJob waiting = request(acme);
        assertThat(waiting.status()).isEqualTo(Status.WAITING);
        assertThat(waiting.request()).isEqualTo(REQUEST);
        assertThat(waiting.expiresAt()).isEqualTo(waiting.requestedAt().plus(HOUR));
        assertThat(exports().find(acme, waiting.id())).contains(waiting);
        ExportJob taken = take(acme, HOUR);
        assertThat(taken.status()).isEqualTo(Status.RUNNING);
        assertThat(taken.attempt()).isEqualTo(1);
        exports().append(acme, taken, 0, new byte[] {1, 2}, HOUR);
        assertThat(exports().chunk(acme, taken.id(), 0)).as("not whole yet").isEmpty();
        exports().append(acme, taken, 1, new byte[] {3}, HOUR);
        exports().complete(acme, taken, RESULT, HOUR);
        ExportJob whole = exports().find(acme, taken.id()).orElseThrow();
        assertThat(whole.status()).isEqualTo(Status.DONE);
        assertThat(whole.result()).isEqualTo(RESULT);
        assertThat(whole.finishedAt()).isBetween(whole.requestedAt(), whole.expiresAt());
        assertThat(exports().chunk(acme, taken.id(), 0)).contains(new byte[] {1, 2});
        assertThat(exports().chunk(acme, taken.id(), 1)).contains(new byte[] {3});
        assertThat(exports().chunk(acme, taken.id(), 2)).isEmpty();
        assertThat(exports().take(acme, ATTEMPTS, HOUR)).isEmpty();
    }

    @Test
    void nobodyElseIsToldOfAnExport() {
        OrgScope acme = org("acme");
        org("globex");
        ExportJob whole = done(acme, HOUR);
        for (OrgScope other : List.of(as("test", "globex"), as("eve", "acme"), as("test", "nobody"))) {
            assertThat(exports().find(other, whole.id())).isEmpty();
            assertThat(exports().list(other)).isEmpty();
            assertThat(exports().chunk(other, whole.id(), 0)).isEmpty();
            assertThat(exports().discard(other, whole.id())).isFalse();
        }
        assertThat(exports().find(acme, UUID.randomUUID())).isEmpty();
        assertThat(exports().list(acme)).hasSize(1);
    }

    @Test
    void aNodeThatIsGoneLeavesNothingInTheWayOfTheNext() {
        OrgScope acme = org("acme");
        request(acme);
        ExportJob lost = take(acme, Duration.ZERO);
        assertThat(exports().append(acme, lost, 0, new byte[] {9}, Duration.ZERO))
                .isTrue();
        ExportJob again = take(acme, HOUR);
        assertThat(again.id()).isEqualTo(lost.id());
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(exports().append(acme, lost, 1, new byte[] {9}, HOUR)).isFalse();
        assertThat(exports().complete(acme, lost, RESULT, HOUR)).isFalse();
        assertThat(exports().broken(acme, lost, "late", true, HOUR)).isFalse();
        exports().append(acme, again, 0, new byte[] {1}, HOUR);
        exports().complete(acme, again, RESULT, HOUR);
        assertThat(exports().chunk(acme, again.id(), 0)).contains(new byte[] {1});
    }

    @Test
    void anExportThatLostItsNodeTooOftenIsGivenUp() {
        OrgScope acme = org("acme");
        ExportJob job = request(acme);
        take(acme, Duration.ZERO);
        take(acme, Duration.ZERO);
        assertThat(exports().take(acme, ATTEMPTS, HOUR)).isEmpty();
        ExportJob failed = exports().find(acme, job.id()).orElseThrow();
        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.errorCode()).isEqualTo("node_lost");
        assertThat(failed.finishedAt()).isNotNull();
    }

    @Test
    void aBrokenAttemptRestsBeforeTheNextOrIsTheLast() {
        OrgScope acme = org("acme");
        ExportJob job = request(acme);
        exports().broken(acme, take(acme, HOUR), "disk_full", true, HOUR);
        assertThat(exports().find(acme, job.id()).orElseThrow().status()).isEqualTo(Status.WAITING);
        assertThat(exports().take(acme, ATTEMPTS, HOUR)).as("rests").isEmpty();
        ExportJob other = request(acme);
        exports().broken(acme, take(acme, HOUR), "disk_full", false, HOUR);
        ExportJob failed = exports().find(acme, other.id()).orElseThrow();
        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.errorCode()).isEqualTo("disk_full");
    }

    @Test
    void anOrgHasOnlySoManyExportsAtOnceAndTheOldestRunsFirst() {
        OrgScope acme = org("acme");
        ExportJob first = request(acme);
        request(acme);
        request(acme);
        assertThat(exports().request(acme, REQUEST, MOST, HOUR)).isEmpty();
        assertThat(exports().request(org("globex"), REQUEST, MOST, HOUR)).isPresent();
        assertThat(exports().discard(acme, first.id())).isTrue();
        assertThat(exports().find(acme, first.id())).isEmpty();
        assertThat(exports().request(acme, REQUEST, MOST, HOUR)).isPresent();
    }

    @Test
    void anExpiredExportIsUnknownAndRemoved() {
        OrgScope acme = org("acme");
        ExportJob expired = done(acme, Duration.ZERO);
        assertThat(exports().find(acme, expired.id())).isEmpty();
        assertThat(exports().chunk(acme, expired.id(), 0)).isEmpty();
        ExportJob kept = done(acme, HOUR);
        assertThat(exports().due(system(), 10)).containsExactly(acme.org());
        assertThat(exports().purge(acme)).isEqualTo(1);
        assertThat(exports().due(system(), 10)).isEmpty();
        assertThat(exports().purge(acme)).isZero();
        assertThat(exports().list(acme)).extracting(ExportJob::id).containsExactly(kept.id());
    }

    @Test
    void theDueOrgsAreThoseWithSomethingToRun() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        request(globex);
        request(acme);
        assertThat(exports().due(system(), 10)).containsExactlyInAnyOrder(globex.org(), acme.org());
        assertThat(exports().due(system(), 1)).hasSize(1);
        take(globex, HOUR);
        assertThat(exports().due(system(), 10)).containsExactly(acme.org());
    }

    @Test
    @Timeout(60)
    void twoNodesNeverTakeTheSameExport() throws Exception {
        OrgScope acme = org("acme");
        ExecutorService nodes = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 10; round++) {
                ExportJob job = request(acme);
                Future<Boolean> one =
                        nodes.submit(() -> exports().take(acme, ATTEMPTS, HOUR).isPresent());
                Future<Boolean> two =
                        nodes.submit(() -> exports().take(acme, ATTEMPTS, HOUR).isPresent());
                assertThat(one.get() ^ two.get()).isTrue();
                exports().discard(acme, job.id());
            }
        } finally {
            nodes.shutdownNow();
        }
    }
}
