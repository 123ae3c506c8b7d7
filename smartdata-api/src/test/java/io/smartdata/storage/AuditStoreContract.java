package io.smartdata.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who did what. */
public abstract class AuditStoreContract extends StorageContract {
    private static final AuditQuery ALL = AuditQuery.newest(100);

    private static AuditEntry export(String target) {
        return AuditEntry.begun(AuditAction.EXPORT, target, Map.of("format", "csv"));
    }

    private static AuditEntry retract(String target) {
        return AuditEntry.done(AuditAction.RETRACT, target, Map.of("events", 3));
    }

    private List<String> targets(OrgScope scope, AuditQuery query) {
        return targets(storage().audit().list(scope, query));
    }

    private static List<String> targets(List<AuditRecord> records) {
        return records.stream().map(found -> found.entry().target()).toList();
    }

    @Test
    void anEntryComesBackWithItsCallerAndTime() {
        OrgScope acme = org("acme");
        storage().audit().add(acme, export("events"));
        AuditRecord found = storage().audit().list(acme, ALL).get(0);
        assertThat(found.entry()).isEqualTo(export("events"));
        assertThat(found.caller()).isEqualTo(acme.caller());
        assertThat(found.at()).isAfter(Instant.EPOCH);
    }

    @Test
    void entriesOfOneMomentKeepTheirOrder() {
        OrgScope acme = org("acme");
        storage().events().append(acme, transaction -> {
            IntStream.range(0, 50).forEach(each -> transaction.audit(export("events " + each)));
            return true;
        });
        assertThat(targets(acme, ALL))
                .containsExactlyElementsOf(IntStream.range(0, 50)
                        .mapToObj(each -> "events " + (49 - each))
                        .toList());
    }

    @Test
    void anOrgThatWasNeverCreatedHasNoLog() {
        OrgScope nobody = scope("nobody");
        assertThatThrownBy(() -> storage().audit().add(nobody, export("events")))
                .isInstanceOfSatisfying(
                        SmartDataException.class, e -> assertThat(e.code()).isEqualTo("unknown_org"));
        assertThat(storage().audit().list(nobody, ALL)).isEmpty();
    }

    @Test
    void entriesOfAnotherOrgAreNotSeen() {
        OrgScope acme = org("acme");
        storage().audit().add(org("globex"), export("events"));
        assertThat(storage().audit().list(acme, ALL)).isEmpty();
    }

    @Test
    void anEntryOfAnAppendCommitsWithIt() {
        OrgScope acme = org("acme");
        storage().events().append(acme, transaction -> {
            transaction.audit(retract("kept"));
            return true;
        });
        assertThatThrownBy(() -> storage().events().append(acme, transaction -> {
                    transaction.audit(retract("rolled back"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(targets(acme, ALL)).containsExactly("kept");
        assertThat(storage().audit().list(acme, ALL).get(0).caller()).isEqualTo(acme.caller());
    }

    @Test
    void anEntryOfARebuildCommitsWithIt() {
        OrgScope acme = org("acme");
        storage().kpis().rebuild(acme, rebuild -> {
            rebuild.audit(AuditEntry.done(AuditAction.REBUILD, "2026-03-01", Map.of()));
            return true;
        });
        assertThatThrownBy(() -> storage().kpis().rebuild(acme, rebuild -> {
                    rebuild.audit(retract("rolled back"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(targets(acme, ALL)).containsExactly("2026-03-01");
    }

    @Test
    void anEntryOfAnActivationCommitsWithIt() {
        OrgScope acme = org("acme");
        storage().orgs().activate(acme, ZoneOffset.UTC, List.of(), backfill -> backfill.audit(retract("kept")));
        assertThatThrownBy(() -> storage().orgs().activate(acme, ZoneOffset.UTC, List.of(), backfill -> {
                    backfill.audit(retract("rolled back"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(targets(acme, ALL)).containsExactly("kept");
    }

    @Test
    void theyAreListedNewestFirstAndFiltered() {
        OrgScope acme = org("acme");
        storage().audit().add(acme, export("first"));
        storage().audit().add(acme, retract("second"));
        storage().audit().add(other(acme, "alice"), export("third"));
        assertThat(targets(acme, ALL)).containsExactlyInAnyOrder("first", "second", "third");
        assertThat(storage().audit().list(acme, ALL))
                .extracting(AuditRecord::at)
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(targets(acme, ALL.withAction(AuditAction.RETRACT))).containsExactly("second");
        assertThat(targets(acme, ALL.withCaller("alice"))).containsExactly("third");
        assertThat(targets(acme, ALL.since(Instant.parse("2999-01-01T00:00:00Z"))))
                .isEmpty();
    }

    private static OrgScope other(OrgScope scope, String caller) {
        return OrgScope.request(AccessPolicy.singleOperator(), Caller.of(caller), scope.org(), Permission.OPERATE);
    }

    @Test
    void pagesLeaveNothingOutAndRepeatNothing() {
        OrgScope acme = org("acme");
        storage().events().append(acme, transaction -> {
            IntStream.range(0, 7).forEach(i -> transaction.audit(export("at the same time " + i)));
            return true;
        });
        List<AuditRecord> found = new ArrayList<>();
        AuditQuery query = AuditQuery.newest(2);
        for (List<AuditRecord> page = storage().audit().list(acme, query);
                !page.isEmpty();
                page = storage().audit().list(acme, query.after(page.get(page.size() - 1)))) {
            found.addAll(page);
        }
        assertThat(found).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void whatIsDoneAcrossOrgsIsInTheLogOfEachAndOfTheSystem() {
        OrgScope acme = org("acme");
        OrgScope globex = org("globex");
        OrgScope initech = org("initech");
        Caller admin = Caller.of("admin");
        AuditEntry read = AuditEntry.begun(AuditAction.CROSS_ORG_READ, "revenue", Map.of());
        AuditEntry named = AuditEntry.begun(AuditAction.CROSS_ORG_READ, "revenue", Map.of("orgs", List.of("acme")));
        storage().audit().addAcross(system(), admin, Set.of(OrgId.of("acme"), OrgId.of("globex")), read, named);
        for (OrgScope one : List.of(acme, globex)) {
            AuditRecord found = storage().audit().list(one, ALL).get(0);
            assertThat(found.caller()).isEqualTo(admin);
            assertThat(found.entry()).isEqualTo(read);
        }
        assertThat(storage().audit().list(initech, ALL)).isEmpty();
        assertThat(storage().audit().listAcross(system(), ALL))
                .extracting(AuditRecord::entry)
                .containsExactly(named);
    }
}
