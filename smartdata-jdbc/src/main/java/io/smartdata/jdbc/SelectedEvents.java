package io.smartdata.jdbc;

import io.smartdata.event.EventId;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventSelection;
import io.smartdata.tenancy.OrgSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** Finds and deletes the events of a selection, many ids in several statements. Reads the rows of the days it may touch. */
final class SelectedEvents {
    private static final int IDS_AT_ONCE = 500;

    private final Handle handle;
    private final Dialect dialect;
    private final OrgSettings org;
    private final int orgNo;

    SelectedEvents(Handle handle, Dialect dialect, OrgSettings org, int orgNo) {
        this.handle = handle;
        this.dialect = dialect;
        this.org = org;
        this.orgNo = orgNo;
    }

    void scan(EventSelection selection, Consumer<StoredEvent> sink) {
        Map<Integer, String> sources = Sources.names(handle, dialect, org.org());
        for (List<byte[]> ids : idLists(selection)) {
            try (Query query = handle.createQuery(dialect.tables(
                    "SELECT " + JdbcEventStore.STORED_COLUMNS + " FROM #event WHERE " + where(selection)))) {
                bind(query.setFetchSize(dialect.fetchSize()), selection, ids)
                        .map((row, context) -> JdbcEventStore.stored(row, sources))
                        .forEach(sink);
            }
        }
    }

    long delete(EventSelection selection) {
        long deleted = 0;
        for (List<byte[]> ids : idLists(selection)) {
            if (org.identityScope() == IdentityScope.FOREVER) {
                execute("""
                        DELETE FROM #event_key WHERE org_no = :orgNo AND (source_id, event_id) IN (
                            SELECT source_id, event_id FROM #event WHERE %s)
                        """, selection, ids);
            }
            deleted += execute("DELETE FROM #event WHERE %s", selection, ids);
        }
        return deleted;
    }

    private int execute(String sql, EventSelection selection, List<byte[]> ids) {
        return bind(handle.createUpdate(dialect.tables(sql.formatted(where(selection)))), selection, ids)
                .execute();
    }

    /** One empty list if the selection names none. */
    private static List<List<byte[]>> idLists(EventSelection selection) {
        List<byte[]> keys = selection.ids().stream().map(EventId::key).toList();
        List<List<byte[]>> lists = new ArrayList<>();
        for (int from = 0; from == 0 || from < keys.size(); from += IDS_AT_ONCE) {
            lists.add(keys.subList(from, Math.min(keys.size(), from + IDS_AT_ONCE)));
        }
        return lists;
    }

    private static String where(EventSelection selection) {
        return "org_no = :orgNo AND day >= :fromDay AND day <= :toDay AND occurred_at >= :from AND occurred_at < :to"
                + (selection.receiptId() == null ? "" : " AND receipt_id = :receipt")
                + (selection.source() == null
                        ? ""
                        : " AND source_id = (SELECT source_id FROM #source WHERE org_id = :org AND name = :source)")
                + (selection.name() == null ? "" : " AND name = :name")
                + (selection.subject() == null ? "" : " AND subject = :subject")
                + (selection.ids().isEmpty() ? "" : " AND event_id IN (<ids>)");
    }

    private <S extends SqlStatement<S>> S bind(S statement, EventSelection selection, List<byte[]> ids) {
        statement
                .bind("orgNo", orgNo)
                .bind("fromDay", JdbcEventStore.day(selection.from()))
                .bind("toDay", JdbcEventStore.day(selection.to()))
                .bind("from", Columns.micros(selection.from()))
                .bind("to", Columns.micros(selection.to()));
        if (selection.receiptId() != null) {
            statement.bind("receipt", Columns.bytes(selection.receiptId()));
        }
        if (selection.source() != null) {
            statement.bind("org", org.org().value()).bind("source", selection.source());
        }
        if (selection.name() != null) {
            statement.bind("name", selection.name());
        }
        if (selection.subject() != null) {
            statement.bind("subject", selection.subject());
        }
        return ids.isEmpty() ? statement : statement.bindList("ids", ids);
    }
}
