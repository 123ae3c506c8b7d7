package io.smartdata.core.emit;

/**
 * What had not been sent when an {@link EventEmitter} was closed.
 *
 * @param events at least 0
 * @param kept true if the spool has them and the next emitter on it sends them; false if they were given up, as
 *     {@link UnsentEvent#NOT_SENT}
 * @since 0.1.0
 */
public record Remainder(long events, boolean kept) {}
