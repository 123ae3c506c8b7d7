package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.tenancy.OrgScope;
import javax.sql.DataSource;

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
        return ThreadTransaction.of(dataSource)
                .map(transaction -> smartData.within(transaction).ingest(scope))
                .orElseGet(() -> smartData.ingest(scope));
    }
}
