package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.tenancy.OrgScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Brings events in as part of the host's own transaction: what a {@code @Transactional} method ingests commits or rolls back
 * with everything else it does. Outside of a transaction it is {@link SmartData#ingest(OrgScope)}.
 *
 * <pre>{@code
 * @Transactional
 * public void place(Order order) {
 *     orders.save(order);
 *     ingest.of(acme).events(List.of(order.placedEvent()));
 * }
 * }</pre>
 *
 * <p>Within a transaction the org must exist, and on SQLite the transaction must have begun with {@code BEGIN IMMEDIATE}.
 *
 * @since 0.1.0
 */
public final class TransactionalIngest {
    private final SmartData smartData;
    private final DataSource dataSource;

    /** @param dataSource the one that {@code smartData} keeps its data in */
    public TransactionalIngest(SmartData smartData, DataSource dataSource) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.dataSource = requireNonNull(dataSource, "dataSource");
    }

    /**
     * Ingest for one org, to be used in the same transaction and thread.
     *
     * @throws SmartDataException {@code transaction_elsewhere} if the thread's transaction is not one of smartdata's database,
     *     so that nothing could be committed together; {@code not_permitted}
     */
    public Ingest of(OrgScope scope) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return smartData.ingest(scope);
        }
        Connection connection = connection();
        if (connection == null) {
            throw new SmartDataException(
                    "transaction_elsewhere",
                    "The transaction of this thread is not one of smartdata's database. Nothing was stored. Begin it with the transaction manager of that DataSource, or ingest outside of it.");
        }
        return smartData.within(JdbcStorage.joining(connection)).ingest(scope);
    }

    /**
     * That of the thread's transaction. In a transaction of another database the thread may also hold one of ours, which
     * commits every statement by itself.
     */
    private @Nullable Connection connection() {
        return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                        && !commitsByItself(holder.getConnection())
                ? holder.getConnection()
                : null;
    }

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
