package io.smartdata.jdbc;

import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.event.Properties;
import io.smartdata.storage.AuditStore;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Audit entries in a table. Those of the system's own log have the empty text for an org, which no org has. */
final class JdbcAuditStore implements AuditStore {
    private static final String SYSTEM = "";

    private final Database database;
    private final Dialect dialect;

    JdbcAuditStore(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    static void insert(Handle handle, Dialect dialect, OrgId org, Caller caller, AuditEntry entry) {
        insert(handle, dialect, org.value(), caller, entry);
    }

    private static void insert(Handle handle, Dialect dialect, String log, Caller caller, AuditEntry entry) {
        handle.createUpdate(dialect.tables("""
                                INSERT INTO #audit (org_id, id, at, caller, action, target, detail, outcome)
                                VALUES (:org, :id, %s, :caller, :action, :target, :detail, :outcome)
                                """.formatted(dialect.now())))
                .bind("org", log)
                .bind("id", Columns.bytes(OrderedIds.next()))
                .bind("caller", caller.name())
                .bind("action", entry.action().code())
                .bind("target", entry.target())
                .bind("detail", entry.detail().json())
                .bind("outcome", entry.outcome().code())
                .execute();
    }

    @Override
    public void add(OrgScope scope, AuditEntry entry) {
        database.write(Actor.of(scope), handle -> {
            JdbcOrgStore.requireKnown(handle, dialect, scope.org(), "");
            insert(handle, dialect, scope.org(), scope.caller(), entry);
            return true;
        });
    }

    @Override
    public List<AuditRecord> list(OrgScope scope, AuditQuery query) {
        return database.read(Actor.of(scope), handle -> list(handle, scope.org().value(), query));
    }

    @Override
    public void addAcross(SystemScope scope, Caller caller, Set<OrgId> orgs, AuditEntry entry, AuditEntry system) {
        database.write(Actor.of(scope), handle -> {
            orgs.forEach(org -> insert(handle, dialect, org, caller, entry));
            insert(handle, dialect, SYSTEM, caller, system);
            return true;
        });
    }

    @Override
    public List<AuditRecord> listAcross(SystemScope scope, AuditQuery query) {
        return database.read(Actor.of(scope), handle -> list(handle, SYSTEM, query));
    }

    private List<AuditRecord> list(Handle handle, String log, AuditQuery filter) {
        StringBuilder sql = new StringBuilder("SELECT * FROM #audit WHERE org_id = :org AND at >= :from");
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("from", Columns.micros(filter.from()));
        if (filter.action() != null) {
            sql.append(" AND action = :action");
            conditions.put("action", filter.action().code());
        }
        if (filter.caller() != null) {
            sql.append(" AND caller = :caller");
            conditions.put("caller", filter.caller());
        }
        AuditRecord last = filter.olderThan();
        if (last != null) {
            sql.append(" AND (at < :at OR at = :at AND id < :id)");
            conditions.put("at", Columns.micros(last.at()));
            conditions.put("id", Columns.bytes(last.id()));
        }
        sql.append(" ORDER BY at DESC, id DESC LIMIT :limit");
        Query query = handle.createQuery(dialect.tables(sql.toString()))
                .bind("org", log)
                .bind("limit", filter.limit());
        conditions.forEach(query::bind);
        return query.map((row, context) -> record(row)).list();
    }

    private static AuditRecord record(ResultSet row) throws SQLException {
        return new AuditRecord(
                Columns.uuid(row.getBytes("id")),
                Columns.instant(row.getLong("at")),
                Caller.of(row.getString("caller")),
                new AuditEntry(
                        AuditAction.ofCode(row.getString("action")),
                        row.getString("target"),
                        Properties.ofCanonicalJson(row.getString("detail")),
                        AuditEntry.Outcome.ofCode(row.getString("outcome"))));
    }
}
