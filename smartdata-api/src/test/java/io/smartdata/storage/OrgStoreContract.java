package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Orgs, generations and sources. */
public abstract class OrgStoreContract extends StorageContract {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void anOrgThatWasNeverCreatedIsNotFound() {
        assertThat(storage().orgs().find(scope("nobody"))).isEmpty();
    }

    @Test
    void anOrgIsCreatedOnceAndKeepsWhatItWasCreatedWith() {
        OrgScope acme = scope("acme");
        OrgSettings created = storage().orgs().ensure(acme, BERLIN);
        assertThat(created.zone()).isEqualTo(BERLIN);
        assertThat(created.generation()).isEqualTo(1);
        assertThat(created.rawFrom()).isEqualTo(Instant.EPOCH);
        assertThat(created.hashKey()).hasSize(32);
        OrgSettings again = storage().orgs().ensure(acme, ZoneOffset.UTC);
        assertThat(again.zone()).isEqualTo(BERLIN);
        assertThat(again.hashKey()).isEqualTo(created.hashKey());
        assertThat(storage().orgs().find(acme))
                .get()
                .extracting(OrgSettings::zone)
                .isEqualTo(BERLIN);
    }

    @Test
    void everyOrgHasAHashKeyOfItsOwn() {
        OrgSettings acme = storage().orgs().ensure(scope("acme"), BERLIN);
        OrgSettings globex = storage().orgs().ensure(scope("globex"), BERLIN);
        assertThat(acme.hashKey()).isNotEqualTo(globex.hashKey());
    }

    @Test
    void theSystemSeesEveryOrg() {
        org("globex");
        org("acme");
        assertThat(storage().orgs().all(system())).containsExactly(OrgId.of("acme"), OrgId.of("globex"));
    }

    @Test
    void aNewGenerationServesItsOwnCellsAndDefinitions() {
        OrgScope acme = org("acme");
        add(acme, delta("old", "2026-03-01", 1));
        storage().kpis().compact(acme, 10, Long.MAX_VALUE, ADD);
        add(acme, delta("old", "2026-03-01", 2));
        append(acme, event("a").build());
        List<StoredDefinition> definitions =
                List.of(new StoredDefinition("b", "{\"b\":1}"), new StoredDefinition("a", "{}"));
        long[] eventsSeen = {0};
        OrgSettings next = storage().orgs().activate(acme, BERLIN, definitions, backfill -> {
            backfill.states(CellRange.all(), state -> {
                throw new AssertionError("a new generation begins without states");
            });
            assertThat(backfill.org().zone()).isEqualTo(BERLIN);
            backfill.events(EventRange.all(), stored -> eventsSeen[0]++);
            backfill.replace(CellRange.all(), List.of(delta("new", "2026-03-01", 7)));
        });
        assertThat(eventsSeen[0]).isEqualTo(1);
        assertThat(next.generation()).isEqualTo(2);
        assertThat(storage().orgs().find(acme))
                .get()
                .extracting(OrgSettings::zone)
                .isEqualTo(BERLIN);
        assertThat(states(acme)).containsExactly(delta("new", "2026-03-01", 7));
        assertThat(storage().orgs().definitions(acme, 2))
                .extracting(StoredDefinition::name)
                .containsExactly("a", "b");
        assertThat(storage().orgs().definitions(acme, 1)).isEmpty();
        assertThat(storage().kpis().snapshot(acme, KpiSnapshot::definitions)).hasSize(2);
    }

    @Test
    void appendsAfterAnActivationBelongToTheNewGeneration() {
        OrgScope acme = org("acme");
        storage().orgs().activate(acme, BERLIN, List.of(), backfill -> {});
        add(acme, delta("f", "2026-03-01", 1));
        assertThat(states(acme)).containsExactly(delta("f", "2026-03-01", 1));
    }

    @Test
    void anActivationThatFailsChangesNothing() {
        OrgScope acme = org("acme");
        add(acme, delta("f", "2026-03-01", 1));
        try {
            storage().orgs().activate(acme, BERLIN, List.of(new StoredDefinition("a", "{}")), backfill -> {
                throw new IllegalStateException("in the middle");
            });
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("in the middle");
        }
        assertThat(storage().orgs().find(acme))
                .get()
                .extracting(OrgSettings::generation)
                .isEqualTo(1L);
        List<KpiDelta> states = states(acme);
        assertThat(states).containsExactly(delta("f", "2026-03-01", 1));
    }

    @Test
    void sourcesAreThoseOfAcceptedEvents() {
        OrgScope acme = org("acme");
        append(acme, event("a").source("shop").build(), event("b").source("app").build());
        append(acme, event("a").source("shop").build());
        org("globex");
        List<StoredSource> sources = storage().orgs().sources(acme);
        assertThat(sources).extracting(StoredSource::name).containsExactly("app", "shop");
        assertThat(sources)
                .allSatisfy(source -> assertThat(source.lastReceivedAt()).isAfterOrEqualTo(source.firstReceivedAt()));
        assertThat(storage().orgs().sources(scope("globex"))).isEmpty();
    }
}
