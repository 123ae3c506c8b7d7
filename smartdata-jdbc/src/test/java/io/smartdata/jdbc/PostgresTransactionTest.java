package io.smartdata.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.storage.Compaction;
import io.smartdata.tenancy.OrgScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresTransactionTest extends TransactionFacts {
    @Override
    String newUrl() {
        return Databases.newPostgresUrl();
    }

    @Override
    Connection begun() throws SQLException {
        Connection connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void hostTransactionsOfOneSourceDoNotWaitForEachOther() throws SQLException {
        OrgScope scope = org("acme");
        append(scope, "first");
        try (Connection one = begun();
                Connection other = begun()) {
            try (Statement statement = other.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = '2s'");
            }
            appendJoined(scope, one, "one");
            appendJoined(scope, other, "other");
            other.commit();
            one.commit();
        }
        assertThat(stored(scope)).isEqualTo(3L * events());
    }

    @Test
    void aCompactionDoesNotWaitForWhoHoldsTheGuard() throws SQLException {
        OrgScope scope = org("acme");
        append(scope, "first");
        try (Connection other = begun();
                Statement statement = other.createStatement()) {
            statement.execute(
                    "SET LOCAL smartdata.org = 'acme'; UPDATE smartdata.guard SET turn = turn + 1 WHERE org_id = 'acme'");
            assertThat(storage.kpis().compact(scope, 100, Long.MAX_VALUE, ADD))
                    .isEqualTo(new Compaction(0, Compaction.End.BUSY));
            other.rollback();
        }
        assertThat(storage.kpis().compact(scope, 100, Long.MAX_VALUE, ADD))
                .isEqualTo(new Compaction(1, Compaction.End.NOTHING_LEFT));
    }
}
