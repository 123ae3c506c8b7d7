package io.smartdata.spring;

import io.smartdata.SmartDataException;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The transaction that Spring has begun for this thread. */
final class ThreadTransaction {
    private ThreadTransaction() {}

    /**
     * The thread's transaction of this database; empty if there is none at all.
     *
     * @throws SmartDataException {@code transaction_elsewhere} if there is one of another database only, so that nothing could
     *     be committed together
     */
    static Optional<HostTransaction> of(DataSource dataSource) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return Optional.empty();
        }
        if (TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                && !commitsByItself(holder.getConnection())) {
            return Optional.of(JdbcStorage.joining(holder.getConnection()));
        }
        throw new SmartDataException(
                "transaction_elsewhere",
                "The transaction of this thread is not one of smartdata's database. Nothing was stored. Begin it with the transaction manager of that DataSource, or do this outside of it.");
    }

    /** In a transaction of another database the thread may also hold a connection of ours, which commits every statement. */
    private static boolean commitsByItself(Connection connection) {
        try {
            return connection.getAutoCommit();
        } catch (SQLException e) {
            throw new StoreUnavailableException(
                    "The connection of the transaction is broken. Nothing was stored. Run the transaction again.",
                    Duration.ofSeconds(1),
                    e);
        }
    }
}
