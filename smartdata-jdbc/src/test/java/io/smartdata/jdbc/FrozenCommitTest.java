package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.storage.FoundAnomalies;
import io.smartdata.storage.Lease;
import io.smartdata.storage.SeriesKey;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node freezes in the last moment, when its write has passed the fence and is not committed: PostgreSQL ends its
 * transaction, so that it cannot keep the job from the node that takes over.
 */
class FrozenCommitTest {
    private static final Instant SLOT = Instant.parse("2026-03-01T02:15:00Z");

    @Test
    @Timeout(120)
    void aNodeThatFreezesBeforeItsCommitLosesTheTransactionAndTheJob() {
        String url = Databases.newPostgresUrl();
        InterceptedDataSource dataSource = new InterceptedDataSource(url);
        List<SystemScope> systems = new ArrayList<>();
        try (JdbcStorage frozen = JdbcStorage.of(dataSource);
                JdbcStorage other = JdbcStorage.open(url)) {
            frozen.open(systems::add);
            other.open(systems::add);
            SystemScope system = systems.get(0);
            OrgScope acme = system.org(OrgId.of("acme"));
            frozen.orgs().ensure(acme, ZoneOffset.UTC);
            Lease lease =
                    frozen.jobs().take(system, "nightly", "a", Duration.ZERO).orElseThrow();
            OrgScope fenced = acme.under(new Fence("nightly", SLOT, "acme", lease.fence()));
            List<Lease> taken = new ArrayList<>();
            dataSource.intercept((real, call) -> {
                if (call.name().equals("commit")) {
                    dataSource.stop();
                    taken.add(takenAtLast(other, systems.get(1)));
                }
                return call.run();
            });
            assertThatThrownBy(() -> frozen.results()
                            .replaceAnomalies(
                                    fenced,
                                    LocalDate.EPOCH,
                                    LocalDate.EPOCH,
                                    List.of(new FoundAnomalies(SeriesKey.of("orders"), List.of(), SLOT))))
                    .isInstanceOfSatisfying(
                            SmartDataException.class,
                            e -> assertThat(e.code()).isIn("unknown_outcome", "store_unavailable"));
            assertThat(taken).singleElement().extracting(Lease::owner).isEqualTo("b");
            assertThat(other.jobs().done(systems.get(1), fenced.fence().orElseThrow()))
                    .isFalse();
        }
    }

    /** As a scheduler does, which tries again when the lock of the frozen node was in the way. */
    private static Lease takenAtLast(JdbcStorage storage, SystemScope system) {
        for (; ; ) {
            try {
                Optional<Lease> lease = storage.jobs().take(system, "nightly", "b", Duration.ofMinutes(1));
                if (lease.isPresent()) {
                    return lease.get();
                }
            } catch (StoreUnavailableException e) {
                assertThat(e.code()).isEqualTo("store_unavailable");
            }
        }
    }
}
