package io.smartdata.event;

/**
 * How long an event id stays taken. Chosen when an org is created, for all its life.
 *
 * @since 0.1.0
 */
public enum IdentityScope {
    /** An id names one event per source and UTC day of {@code occurredAt}: the cheapest, since only that day is looked at. */
    DAY,
    /**
     * An id names one event per source, whatever its day: the same id on another day is a conflict. Costs one more row and
     * index entry for each event, kept for as long as the org.
     */
    FOREVER
}
