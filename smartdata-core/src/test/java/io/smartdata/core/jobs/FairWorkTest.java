package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orgs take turns. Time is counted in pieces. */
class FairWorkTest {
    private static final int SMALL_ORGS = 10;
    private static final int PIECES = 3;

    /** By org, how many pieces of all orgs were done when its last was. */
    private static Map<String, Integer> doneAfter(int piecesOfLarge) {
        Storage storage = new InMemoryStorage();
        List<SystemScope> minted = new ArrayList<>();
        storage.open(minted::add);
        SystemScope system = minted.get(0);
        Map<String, Integer> pieces = new HashMap<>();
        IntStream.range(0, SMALL_ORGS).forEach(i -> pieces.put("small-" + i, PIECES));
        pieces.put("large", piecesOfLarge);
        pieces.keySet().forEach(org -> storage.orgs().ensure(system.org(OrgId.of(org)), ZoneOffset.UTC));
        Map<String, Integer> done = new HashMap<>();
        int[] clock = {0};
        Job job = Job.named("fair")
                .every(Duration.ofHours(1))
                .perOrg((context, org) -> IntStream.range(
                                0, pieces.get(org.org().value()))
                        .mapToObj(i -> JobPiece.repeatable(scope -> {
                            done.put(scope.org().value(), ++clock[0]);
                            return 1;
                        }))
                        .iterator());
        JobNode node = new JobNode(storage, system, "node", JobSettings.defaults(), () -> 0);
        RunningJob run = node.claimNow(job);
        while (run.step()) {
            run.heartbeat();
        }
        JobRun ended = run.finish();
        assertThat(ended.processed()).isEqualTo(SMALL_ORGS * PIECES + piecesOfLarge);
        done.remove("large");
        return done;
    }

    @Test
    void anOrgWithAHundredTimesTheWorkDelaysTheOthersLessThanTwofold() {
        Map<String, Integer> alone = doneAfter(PIECES);
        Map<String, Integer> beside = doneAfter(100 * PIECES);
        assertThat(beside)
                .allSatisfy((org, pieces) ->
                        assertThat((double) pieces / alone.get(org)).as(org).isLessThan(2));
    }

    @Test
    void withoutAnyWorkOfTheLargeOrgTheOthersWaitAtMostATurnLess() {
        Map<String, Integer> without = doneAfter(0);
        Map<String, Integer> beside = doneAfter(100 * PIECES);
        assertThat(beside)
                .allSatisfy((org, pieces) ->
                        assertThat(pieces - without.get(org)).as(org).isBetween(0, PIECES));
    }
}
