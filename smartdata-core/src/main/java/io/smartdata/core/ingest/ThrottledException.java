package io.smartdata.core.ingest;

import io.smartdata.RetryLaterException;
import java.time.Duration;

/**
 * As many events are on their way as memory is set aside for, or the org has sent more than its quota; the call was turned
 * away before it was read. Nothing was stored; sending the same again after {@link #retryAfter()} is safe.
 *
 * @since 0.1.0
 */
public final class ThrottledException extends RetryLaterException {
    private static final long serialVersionUID = 1L;

    private ThrottledException(String why, Duration retryAfter, String setting) {
        super(
                "throttled",
                "%s Nothing was stored. Send it again in %d s, or raise %s."
                        .formatted(why, roundedUp(retryAfter), setting),
                retryAfter,
                null);
    }

    /** Without figures: they would tell what the other orgs do. */
    static ThrottledException ofNode(Duration retryAfter) {
        return new ThrottledException(
                "This node has too many bytes in flight for this call.", retryAfter, "InFlightLimits.nodeBytes");
    }

    static ThrottledException ofOrg(long inFlight, long limit, Duration retryAfter) {
        return new ThrottledException(
                "This org has %d of %d bytes in flight, too many for this call.".formatted(inFlight, limit),
                retryAfter,
                "InFlightLimits.orgBytes");
    }

    static ThrottledException ofRate(long eventsPerMinute, Duration retryAfter) {
        return new ThrottledException(
                "This org has sent more than the %d events a minute it may send to a node.".formatted(eventsPerMinute),
                retryAfter,
                "OrgQuotas.eventsPerMinute");
    }

    private static long roundedUp(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
