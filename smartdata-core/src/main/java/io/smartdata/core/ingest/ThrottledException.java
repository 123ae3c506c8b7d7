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

    ThrottledException(InFlight.Bound bound, long inFlight, long limit, Duration retryAfter) {
        super(
                "throttled",
                ("%s has %d of %d bytes in flight, too many for this call. Nothing was stored. "
                                + "Send it again in %d s, or raise %s.")
                        .formatted(bound.owner(), inFlight, limit, roundedUp(retryAfter), bound.setting()),
                retryAfter,
                null);
    }

    private ThrottledException(String message, Duration retryAfter) {
        super("throttled", message, retryAfter, null);
    }

    static ThrottledException ofRate(long eventsPerMinute, Duration retryAfter) {
        return new ThrottledException(
                ("This org has sent more than the %d events a minute it may send to a node. Nothing was stored. "
                                + "Send it again in %d s, or raise OrgQuotas.eventsPerMinute.")
                        .formatted(eventsPerMinute, roundedUp(retryAfter)),
                retryAfter);
    }

    private static long roundedUp(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
