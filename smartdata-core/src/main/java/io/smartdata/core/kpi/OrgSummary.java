package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.IdentityScope;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What an org's callers may know of its settings; unlike {@link OrgSettings} it has no key.
 *
 * @param org the org
 * @param zone whose local days and hours are the buckets of its KPIs
 * @param generation number of the zone and KPI definitions in force, from 1
 * @param rawFrom raw events before this are gone or refused
 * @param identityScope how long an event id stays taken
 * @since 0.1.0
 */
public record OrgSummary(OrgId org, ZoneId zone, long generation, Instant rawFrom, IdentityScope identityScope) {
    public OrgSummary {
        requireNonNull(org, "org");
        requireNonNull(zone, "zone");
        requireNonNull(rawFrom, "rawFrom");
        requireNonNull(identityScope, "identityScope");
    }

    static OrgSummary of(OrgSettings settings) {
        return new OrgSummary(
                settings.org(), settings.zone(), settings.generation(), settings.rawFrom(), settings.identityScope());
    }
}
