package io.smartdata.emit;

import io.smartdata.SmartDataException;
import io.smartdata.storage.HostTransaction;
import java.util.List;

/**
 * A spool in the database of the host: an outbox. What is appended in a transaction of the host waits to be sent if and only if
 * that transaction commits.
 *
 * @since 0.1.0
 */
public interface TransactionalEventSpool extends EventSpool {
    /**
     * Keeps all of the events, if the transaction commits.
     *
     * @param events each one JSON object in UTF-8
     * @throws SmartDataException if none was kept; {@code no_host_transaction} if there is none
     * @throws IllegalArgumentException if the transaction was made by another adapter
     */
    void append(HostTransaction transaction, List<byte[]> events);
}
