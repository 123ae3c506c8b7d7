package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.Backlog;
import io.smartdata.storage.DerivedAnswer;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredSource;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Asks a store how fresh things are.
 *
 * @since 0.1.0
 */
public final class FreshnessReader {
    private final Storage storage;
    private final RefreshSchedules schedules;

    public FreshnessReader(Storage storage, RefreshSchedules schedules) {
        this.storage = requireNonNull(storage, "storage");
        this.schedules = requireNonNull(schedules, "schedules");
    }

    /**
     * Of one org.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} without {@link Permission#VIEW}
     */
    public Freshness read(OrgScope scope) {
        scope.require(Permission.VIEW);
        Map<DerivedAnswer, Instant> derivedAsOf = storage.results().derivedAsOf(scope);
        List<StoredSource> sources = storage.orgs().sources(scope);
        Backlog backlog = storage.kpis().backlog(scope);
        return new Freshness(
                backlog,
                derived(derivedAsOf, backlog.asOf()),
                sources.stream()
                        .flatMap(source -> silence(source, backlog.asOf()))
                        .toList());
    }

    /** Of all orgs together: whatever is oldest in any of them. */
    public Freshness read(SystemScope system) {
        Map<DerivedAnswer, Instant> derivedAsOf = storage.results().derivedAsOf(system);
        Backlog backlog = storage.kpis().backlog(system);
        return new Freshness(backlog, derived(derivedAsOf, backlog.asOf()), List.of());
    }

    private List<DerivedFreshness> derived(Map<DerivedAnswer, Instant> derivedAsOf, Instant now) {
        return derivedAsOf.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> DerivedFreshness.of(entry.getKey(), entry.getValue(), schedules, now))
                .toList();
    }

    /** A source that was declared and never sent anything is not silent yet. */
    private static Stream<Silence> silence(StoredSource source, Instant now) {
        Instant last = source.lastReceivedAt();
        if (last == null) {
            return Stream.empty();
        }
        Duration age = Duration.between(last, now);
        return Stream.of(new Silence(source.name(), last, age.isNegative() ? Duration.ZERO : age));
    }
}
