package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.IdentityScope;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What the host says about one of its orgs. Zone and identity scope are those the org is created with, by its first event;
 * later the zone is changed with {@code Kpis.changeZone} and the identity scope not at all. Quotas hold from the next call on.
 *
 * @param zone of its days; null for the one the application was configured with
 * @param identityScope how long an event id stays taken; null for the one the application was configured with
 * @param quotas how much it may take
 * @since 0.1.0
 */
public record OrgProfile(@Nullable ZoneId zone, @Nullable IdentityScope identityScope, OrgQuotas quotas) {
    private static final OrgProfile DEFAULTS = new OrgProfile(null, null, OrgQuotas.none());

    public OrgProfile {
        requireNonNull(quotas, "quotas");
    }

    /** As the application was configured, without quotas. */
    public static OrgProfile defaults() {
        return DEFAULTS;
    }

    /** In another zone. */
    public OrgProfile withZone(ZoneId newZone) {
        return new OrgProfile(newZone, identityScope, quotas);
    }

    /** With another identity scope. */
    public OrgProfile withIdentityScope(IdentityScope newIdentityScope) {
        return new OrgProfile(zone, newIdentityScope, quotas);
    }

    /** With other quotas. */
    public OrgProfile withQuotas(OrgQuotas newQuotas) {
        return new OrgProfile(zone, identityScope, newQuotas);
    }
}
