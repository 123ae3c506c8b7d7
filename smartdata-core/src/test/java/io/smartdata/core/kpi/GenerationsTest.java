package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationsTest {
    private final InMemoryStorage storage = new InMemoryStorage();
    private final SmartData smartData = SmartData.builder()
            .storage(storage)
            .kpis(KpiCatalog.of(Kpi.sum("revenue").event("order")))
            .accessPolicy(AccessPolicy.singleOperator())
            .build();
    private final OrgScope acme =
            smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST, Permission.VIEW);

    @Test
    void anOrgWhoseCreatorDiedBeforeItsDefinitionsWereActiveGetsThemFromTheNextCall() {
        storage.orgs().ensure(acme, ZoneOffset.UTC);
        ingest("a");
        assertThat(smartData.kpis(acme).names()).contains("revenue");
        assertThat(smartData.kpis(acme).settings().generation()).isEqualTo(2);
    }

    @Test
    void definitionsAreActivatedOnce() {
        ingest("a");
        ingest("b");
        assertThat(smartData.kpis(acme).settings().generation()).isEqualTo(2);
    }

    private void ingest(String id) {
        Event order = Event.named("order", Instant.parse("2026-03-01T12:00:00Z"))
                .id(id)
                .value("9.90")
                .build();
        smartData.ingest(acme).events(List.of(order));
    }
}
