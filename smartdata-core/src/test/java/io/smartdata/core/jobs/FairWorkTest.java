package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.SystemScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orgs take turns. Time is counted in pieces. */
class FairWorkTest {
    private static final int SMALL_ORGS = 10;
    private static final int PIECES = 3;

    /** By org, how many pieces of all orgs were done when its last was. */
    private static Map<String, Integer> doneAfter(int piecesOfLarge) {
        Map<String, Integer> pieces = new HashMap<>();
        IntStream.range(0, SMALL_ORGS).forEach(i -> pieces.put("small-" + i, PIECES));
        pieces.put("large", piecesOfLarge);
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
        JobRun ended = new Fixture(pieces.keySet().toArray(String[]::new)).run(job);
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

    @Test
    void everyRunBeginsWithAnotherOrg() {
        Set<String> first = new HashSet<>();
        Fixture fixture = new Fixture("a", "b", "c", "d");
        for (int run = 0; run < 4; run++) {
            List<String> order = new ArrayList<>();
            fixture.run(Job.named("first")
                    .every(Duration.ofHours(1))
                    .perOrg((context, org) -> List.of(JobPiece.repeatable(scope -> {
                                order.add(scope.org().value());
                                return 1;
                            }))
                            .iterator()));
            first.add(order.get(0));
        }
        assertThat(first).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void theHistoryOfAJobIsBounded() {
        Fixture fixture = new Fixture();
        for (int run = 0; run < 100; run++) {
            fixture.run(Job.named("often").every(Duration.ofHours(1)).system(context -> 1));
        }
        assertThat(fixture.storage.jobs().history(fixture.system, "often", 1000))
                .hasSizeBetween(5, 5 + 16);
    }

    /** A node and its orgs. */
    private static final class Fixture {
        private Instant now = Instant.parse("2026-03-01T00:00:00Z");
        private final Storage storage = new InMemoryStorage(new ManualClock());
        private final SystemScope system;
        private final JobNode node;

        Fixture(String... orgs) {
            List<SystemScope> minted = new ArrayList<>();
            storage.open(minted::add);
            system = minted.get(0);
            for (String org : orgs) {
                storage.orgs().ensure(system.org(OrgId.of(org)), ZoneOffset.UTC);
            }
            JobSettings keptFive =
                    new JobSettings(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(1), 1, 1, 5);
            node = new JobNode(storage, system, "node", keptFive, () -> 0);
        }

        JobRun run(Job job) {
            now = now.plusSeconds(1);
            RunningJob run = node.claimNow(job);
            while (run.step()) {
                run.heartbeat();
            }
            return run.finish();
        }

        private final class ManualClock extends Clock {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        }
    }
}
