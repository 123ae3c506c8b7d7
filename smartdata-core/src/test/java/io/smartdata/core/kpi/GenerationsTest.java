package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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

    @Test
    void aZoneChangeKeepsTheDefinitionsThatWereActivatedMeanwhile() {
        ingest("a");
        KpiCatalog newer = KpiCatalog.of(Kpi.sum("sales").event("order"));
        AtomicBoolean first = new AtomicBoolean(true);
        Storage overtaken = beforeActivation(() -> {
            if (first.getAndSet(false)) {
                SmartData.builder().storage(storage).kpis(newer).build();
            }
        });
        SmartData slow = SmartData.builder()
                .storage(overtaken)
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
        OrgScope operator =
                slow.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.OPERATE, Permission.VIEW);
        slow.kpis(operator).changeZone(ZoneId.of("Europe/Berlin"));
        assertThat(slow.kpis(operator).settings().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(slow.kpis(operator).names()).containsExactly("sales");
    }

    /** The storage, with something that happens between looking and activating. */
    private Storage beforeActivation(Runnable meanwhile) {
        OrgStore orgs = proxy(OrgStore.class, storage.orgs(), "activate", meanwhile);
        return (Storage) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Storage.class},
                (proxy, method, arguments) ->
                        method.getName().equals("orgs") ? orgs : method.invoke(storage, arguments));
    }

    private static <T> T proxy(Class<T> type, T target, String before, Runnable meanwhile) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(before)) {
                        meanwhile.run();
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void ingest(String id) {
        Event order = Event.named("order", Instant.parse("2026-03-01T12:00:00Z"))
                .id(id)
                .value("9.90")
                .build();
        smartData.ingest(acme).events(List.of(order));
    }
}
