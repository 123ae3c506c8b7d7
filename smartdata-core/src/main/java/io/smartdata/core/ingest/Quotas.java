package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.Meters;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgQuotas;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Holds every org to the quotas its profile names. The rate of events is a token bucket for each org on each node: it fills
 * to a minute's worth, an answered call takes as many tokens as it received events, be that into debt, and an org in debt is
 * turned away until it is paid. So a call of any size goes through whole or not at all, before it is read, and the average
 * keeps to the quota. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Quotas {
    private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private final Function<OrgId, Optional<OrgProfile>> profiles;
    private final Meters meters;
    private final LongSupplier nanoTime;
    private final Map<OrgId, Bucket> buckets = new ConcurrentHashMap<>();

    /** Tokens at a moment of the node's own clock; negative while in debt. */
    private record Bucket(double tokens, long nanos) {
        Bucket at(long now, long perMinute) {
            double filled = tokens + (now - nanos) / NANOS_PER_MINUTE * perMinute;
            return new Bucket(Math.min(perMinute, filled), now);
        }

        Bucket minus(long events) {
            return new Bucket(tokens - events, nanos);
        }
    }

    /**
     * @param profiles what the host says of an org
     */
    public Quotas(Function<OrgId, Optional<OrgProfile>> profiles, Meters meters) {
        this(profiles, meters, System::nanoTime);
    }

    Quotas(Function<OrgId, Optional<OrgProfile>> profiles, Meters meters, LongSupplier nanoTime) {
        this.profiles = requireNonNull(profiles, "profiles");
        this.meters = requireNonNull(meters, "meters");
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /**
     * Those of an org as they are now.
     *
     * @throws SmartDataException {@code not_permitted} if the host no longer knows the org
     */
    OrgQuotas of(OrgId org) {
        return profiles.apply(org)
                .orElseThrow(
                        () -> new SmartDataException(
                                "not_permitted",
                                "The host's directory no longer has the org of this scope. Nothing was stored. Request a new scope."))
                .quotas();
    }

    /**
     * @throws ThrottledException if the org is in debt
     */
    void admit(OrgId org, OrgQuotas quotas) {
        Bucket bucket = buckets.get(org);
        if (bucket == null) {
            return;
        }
        long perMinute = quotas.eventsPerMinute();
        double tokens = bucket.at(nanoTime.getAsLong(), perMinute).tokens();
        if (tokens < 0) {
            meters.throttled("rate");
            throw ThrottledException.ofRate(
                    perMinute, Duration.ofNanos((long) Math.ceil(-tokens / perMinute * NANOS_PER_MINUTE)));
        }
    }

    /** An org without a limit leaves no trace. */
    void received(OrgId org, OrgQuotas quotas, long events) {
        long perMinute = quotas.eventsPerMinute();
        if (perMinute == Long.MAX_VALUE) {
            buckets.remove(org);
            return;
        }
        long now = nanoTime.getAsLong();
        buckets.compute(
                org,
                (same, bucket) ->
                        (bucket == null ? new Bucket(perMinute, now) : bucket.at(now, perMinute)).minus(events));
    }
}
