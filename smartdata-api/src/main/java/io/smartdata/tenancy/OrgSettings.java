package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.IdentityScope;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What the store knows of an org.
 *
 * @param org the org
 * @param zone whose local days and hours are the buckets of its KPIs
 * @param generation number of the zone and KPI definitions in force, from 1; every cell and delta belongs to one
 * @param rawFrom raw events before this are gone or refused
 * @param hashKey 32 bytes, random, stable for the life of the org: keys its fingerprints and distinct counts; secret
 * @param identityScope how long an event id stays taken
 * @since 0.1.0
 */
public record OrgSettings(
        OrgId org, ZoneId zone, long generation, Instant rawFrom, byte[] hashKey, IdentityScope identityScope) {
    public OrgSettings {
        requireNonNull(org, "org");
        requireNonNull(zone, "zone");
        requireNonNull(rawFrom, "rawFrom");
        requireNonNull(hashKey, "hashKey");
        requireNonNull(identityScope, "identityScope");
        if (generation < 1) {
            throw new IllegalArgumentException("generation must be at least 1, was " + generation);
        }
    }

    /** With {@link IdentityScope#DAY}. */
    public OrgSettings(OrgId org, ZoneId zone, long generation, Instant rawFrom, byte[] hashKey) {
        this(org, zone, generation, rawFrom, hashKey, IdentityScope.DAY);
    }

    /** What comes after this generation, in another zone or the same. */
    public OrgSettings nextGeneration(ZoneId nextZone) {
        return new OrgSettings(org, nextZone, generation + 1, rawFrom, hashKey, identityScope);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "OrgSettings[org=%s, zone=%s, generation=%d, rawFrom=%s]".formatted(org, zone, generation, rawFrom);
    }
}
