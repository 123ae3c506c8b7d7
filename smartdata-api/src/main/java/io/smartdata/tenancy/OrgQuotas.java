package io.smartdata.tenancy;

/**
 * How much of what all orgs share one org may take. No quota is ever met by dropping something: a call that would exceed one
 * is refused as a whole.
 *
 * @param eventsPerMinute events a node takes from the org in a minute on average, at least 1
 * @param openDeadLetters dead letters that may wait for somebody, at least 0
 * @since 0.1.0
 */
public record OrgQuotas(long eventsPerMinute, long openDeadLetters) {
    private static final OrgQuotas NONE = new OrgQuotas(Long.MAX_VALUE, Long.MAX_VALUE);

    public OrgQuotas {
        if (eventsPerMinute < 1 || openDeadLetters < 0) {
            throw new IllegalArgumentException(
                    "eventsPerMinute must be at least 1 and openDeadLetters at least 0, were %d and %d"
                            .formatted(eventsPerMinute, openDeadLetters));
        }
    }

    /** No limits. */
    public static OrgQuotas none() {
        return NONE;
    }

    /** With another rate of events. */
    public OrgQuotas withEventsPerMinute(long events) {
        return new OrgQuotas(events, openDeadLetters);
    }

    /** With another number of dead letters. */
    public OrgQuotas withOpenDeadLetters(long letters) {
        return new OrgQuotas(eventsPerMinute, letters);
    }
}
