package com.example.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.storage.AuditedStorage.Entry;
import io.smartdata.SmartDataException;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.SystemScope;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditedStorageTest {
    private static final OrgId ACME = OrgId.of("acme");

    private final List<Entry> entries = new ArrayList<>();
    private final OrgScope acme =
            OrgScope.request(AccessPolicy.singleOperator(), Caller.of("eve"), ACME, Permission.INGEST);

    @Test
    void anEntryNamesWhoDidWhatInWhichOrg() {
        List<SystemScope> system = new ArrayList<>();
        Storage storage = new AuditedStorage(new InMemoryStorage(), entries::add);
        storage.open(system::add);
        storage.orgs().ensure(acme, ZoneOffset.UTC);
        storage.orgs().all(system.get(0));
        assertThat(entries)
                .containsExactly(
                        new Entry("eve", Optional.of(ACME), "orgs.ensure"),
                        new Entry("system", Optional.empty(), "orgs.all"));
    }

    @Test
    void whatCannotBeWrittenDownDoesNotHappen() {
        Storage inner = new InMemoryStorage();
        Storage storage = new AuditedStorage(inner, entry -> {
            throw new IllegalStateException("the audit log is full");
        });
        storage.open(system -> {});
        assertThatThrownBy(() -> storage.orgs().ensure(acme, ZoneOffset.UTC)).hasMessage("the audit log is full");
        assertThat(inner.orgs().find(acme)).isEmpty();
    }

    @Test
    void anErrorOfTheStoreArrivesAsItIs() {
        Storage storage = new AuditedStorage(new InMemoryStorage(), entries::add);
        storage.open(system -> {});
        assertThatThrownBy(() -> storage.events().append(acme, transaction -> true))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
    }
}
