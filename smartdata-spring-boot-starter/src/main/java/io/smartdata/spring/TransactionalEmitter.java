package io.smartdata.spring;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.emit.Emission;
import io.smartdata.core.emit.EventEmitter;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.storage.HostTransaction;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Emits events as part of the host's own transaction: what a {@code @Transactional} method emits is sent if and only if it
 * commits. Outside of a transaction an event is in the outbox when the call returns.
 *
 * <pre>{@code
 * @Transactional
 * public void place(Order order) {
 *     orders.save(order);
 *     emitter.emit(Event.named("order_placed", order.placedAt()).value(order.total()));
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TransactionalEmitter {
    private final EventEmitter emitter;
    private final DataSource dataSource;

    /**
     * @param emitter one whose spool is an outbox
     * @param dataSource the one that the outbox is in
     */
    public TransactionalEmitter(EventEmitter emitter, DataSource dataSource) {
        this.emitter = requireNonNull(emitter, "emitter");
        this.dataSource = requireNonNull(dataSource, "dataSource");
    }

    /**
     * Emits an event.
     *
     * @throws SmartDataException {@code transaction_elsewhere}, {@code event_dropped} if the emitter did not take it on, or what
     *     the database has against it; within a transaction, let it fail
     */
    public void emit(Event event) {
        Optional<HostTransaction> transaction = ThreadTransaction.of(dataSource);
        if (transaction.isPresent()) {
            emitter.emitWithin(transaction.get(), event);
            return;
        }
        Emission emission = emitter.emitDurably(event);
        if (!emission.accepted()) {
            throw new SmartDataException(
                    "event_dropped", "The emitter did not take the event on (%s). It is not sent.".formatted(emission));
        }
    }

    /** As {@link #emit(Event)}; an event without an id is given one. */
    public void emit(Event.Builder event) {
        emit(event.idIfAbsent(() -> EventId.of(UUID.randomUUID().toString())).build());
    }
}
