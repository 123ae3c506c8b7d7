package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditEntry;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.IdentityScope;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.storage.StoredSource;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Orgs in tables. */
final class JdbcOrgStore implements OrgStore {
    private static final int HASH_KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final Dialect dialect;
    private final JdbcEventStore events;

    JdbcOrgStore(Database database, JdbcEventStore events) {
        this.database = database;
        this.dialect = database.dialect();
        this.events = events;
    }

    @Override
    public Optional<OrgSettings> find(OrgScope scope) {
        return database.read(Actor.of(scope), handle -> find(handle, dialect, scope.org(), ""));
    }

    static Optional<OrgSettings> find(Handle handle, Dialect dialect, OrgId org, String lock) {
        return row(handle, dialect, org, lock).map(OrgRow::settings);
    }

    /**
     * @throws SmartDataException {@code unknown_org} if nobody created it
     */
    static void requireKnown(Handle handle, Dialect dialect, OrgId org, String lock) {
        if (row(handle, dialect, org, lock).isEmpty()) {
            throw JdbcEventStore.unknownOrg();
        }
    }

    static Optional<OrgRow> row(Handle handle, Dialect dialect, OrgId org, String lock) {
        return handle.createQuery(dialect.tables("SELECT zone, generation, raw_from, hash_key, identity_scope, org_no, "
                        + dialect.now() + ", declared_sources, tombstones,"
                        + " (SELECT MAX(received_at) FROM #arrival a WHERE a.org_no = o.org_no)"
                        + " FROM #org o WHERE org_id = :org" + lock))
                .bind("org", org.value())
                .map((row, context) -> new OrgRow(
                        new OrgSettings(
                                org,
                                ZoneId.of(row.getString(1)),
                                row.getLong(2),
                                Columns.instant(row.getLong(3)),
                                row.getBytes(4),
                                IdentityScope.valueOf(row.getString(5))),
                        row.getInt(6),
                        Arrivals.readAt(row.getLong(7), row.getLong(10)),
                        row.getInt(8) == 1,
                        row.getInt(9) == 1))
                .findOne();
    }

    @Override
    public OrgSettings ensure(OrgScope scope, ZoneId zone, IdentityScope identityScope) {
        return database.write(Actor.repeating(scope), handle -> {
            while (find(handle, dialect, scope.org(), "").isEmpty()) {
                create(handle, scope.org(), zone, identityScope);
            }
            handle.createUpdate(dialect.tables(
                            "INSERT INTO #guard (org_id, turn) VALUES (:org, 0) ON CONFLICT (org_id) DO NOTHING"))
                    .bind("org", scope.org().value())
                    .execute();
            return find(handle, dialect, scope.org(), "").orElseThrow(JdbcEventStore::unknownOrg);
        });
    }

    /** Whoever is there already, under the id or by chance under the number, stays. */
    private void create(Handle handle, OrgId org, ZoneId zone, IdentityScope identityScope) {
        byte[] hashKey = new byte[HASH_KEY_BYTES];
        RANDOM.nextBytes(hashKey);
        handle.createUpdate(dialect.tables("""
                                INSERT INTO #org (org_id, zone, generation, raw_from, hash_key, identity_scope, created_at, org_no)
                                VALUES (:org, :zone, 1, :rawFrom, :hashKey, :identityScope, %s, :no)
                                ON CONFLICT DO NOTHING
                                """.formatted(dialect.now())))
                .bind("org", org.value())
                .bind("zone", zone.getId())
                .bind("rawFrom", Columns.micros(Instant.EPOCH))
                .bind("hashKey", hashKey)
                .bind("identityScope", identityScope.name())
                .bind("no", RANDOM.nextInt(Integer.MAX_VALUE))
                .execute();
    }

    @Override
    public List<StoredDefinition> definitions(OrgScope scope, long generation) {
        return database.read(Actor.of(scope), handle -> definitions(handle, dialect, scope.org(), generation));
    }

    static List<StoredDefinition> definitions(Handle handle, Dialect dialect, OrgId org, long generation) {
        return handle.createQuery(dialect.tables("""
                                SELECT name, json FROM #kpi_definition WHERE org_id = :org AND generation = :generation
                                ORDER BY name
                                """))
                .bind("org", org.value())
                .bind("generation", generation)
                .map((row, context) -> new StoredDefinition(row.getString(1), row.getString(2)))
                .list();
    }

    /** Every statement sees the newest commits, and the locked org row keeps new ones out. */
    @Override
    public OrgSettings activate(
            OrgScope scope, ZoneId zone, List<StoredDefinition> definitions, Consumer<KpiRebuild> backfill) {
        return database.writeAlone(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            long freshAsOf = JdbcKpiStore.begun(handle, dialect);
            JdbcKpiStore.takeGuard(handle, dialect, scope.org());
            OrgSettings old =
                    find(handle, dialect, scope.org(), dialect.forUpdate()).orElseThrow(JdbcEventStore::unknownOrg);
            OrgSettings next = old.nextGeneration(zone);
            insertDefinitions(handle, next, definitions);
            backfill.accept(new JdbcKpiStore.Rebuild(handle, scope, next, freshAsOf, dialect, events));
            for (String table : List.of("#kpi_delta", "#kpi_cell", "#kpi_definition")) {
                handle.createUpdate(
                                dialect.tables("DELETE FROM " + table + " WHERE org_id = :org AND generation = :old"))
                        .bind("org", scope.org().value())
                        .bind("old", old.generation())
                        .execute();
            }
            handle.createUpdate(dialect.tables("DELETE FROM #derivation WHERE org_id = :org"))
                    .bind("org", scope.org().value())
                    .execute();
            handle.createUpdate(dialect.tables("UPDATE #org SET zone = :zone, generation = :next WHERE org_id = :org"))
                    .bind("zone", zone.getId())
                    .bind("next", next.generation())
                    .bind("org", scope.org().value())
                    .execute();
            return next;
        });
    }

    private void insertDefinitions(Handle handle, OrgSettings org, List<StoredDefinition> definitions) {
        if (definitions.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                        INSERT INTO #kpi_definition (org_id, generation, name, json) VALUES (:org, :generation, :name, :json)
                        """));
        definitions.forEach(definition -> batch.bind("org", org.org().value())
                .bind("generation", org.generation())
                .bind("name", definition.name())
                .bind("json", definition.json())
                .add());
        batch.execute();
    }

    @Override
    public List<StoredSource> sources(OrgScope scope) {
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables("""
                                SELECT name, declared, conflict_policy, first_received_at, last_received_at FROM #source
                                WHERE org_id = :org ORDER BY name
                                """))
                        .bind("org", scope.org().value())
                        .map((row, context) -> new StoredSource(
                                row.getString(1),
                                row.getInt(2) == 1,
                                ConflictPolicy.valueOf(row.getString(3)),
                                Columns.instantOrNull(row, 4),
                                Columns.instantOrNull(row, 5)))
                        .list());
    }

    @Override
    public void declareSource(OrgScope scope, String source, ConflictPolicy conflictPolicy, AuditEntry entry) {
        database.write(Actor.of(scope), handle -> {
            requireKnown(handle, dialect, scope.org(), dialect.forShare());
            new Sources(handle, dialect, scope.org()).declare(source, conflictPolicy);
            JdbcAuditStore.insert(handle, dialect, scope.org(), scope.caller(), entry);
            return true;
        });
    }

    @Override
    public void requireDeclaredSources(OrgScope scope, boolean required, AuditEntry entry) {
        database.write(Actor.of(scope), handle -> {
            int orgs = handle.createUpdate(
                            dialect.tables("UPDATE #org SET declared_sources = :required WHERE org_id = :org"))
                    .bind("required", required ? 1 : 0)
                    .bind("org", scope.org().value())
                    .execute();
            if (orgs == 0) {
                throw JdbcEventStore.unknownOrg();
            }
            JdbcAuditStore.insert(handle, dialect, scope.org(), scope.caller(), entry);
            return orgs;
        });
    }

    @Override
    public List<OrgId> all(SystemScope system) {
        return database.read(
                Actor.of(system),
                handle -> handle.createQuery(dialect.tables("SELECT org_id FROM #org ORDER BY org_id"))
                        .map((row, context) -> OrgId.of(row.getString(1)))
                        .list());
    }
}
