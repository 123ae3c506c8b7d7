package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

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
 * @since 0.1.0
 */
public record OrgSettings(OrgId org, ZoneId zone, long generation, Instant rawFrom, byte[] hashKey) {
    public OrgSettings {
        requireNonNull(org, "org");
        requireNonNull(zone, "zone");
        requireNonNull(rawFrom, "rawFrom");
        requireNonNull(hashKey, "hashKey");
        if (generation < 1) {
            throw new IllegalArgumentException("generation must be at least 1, was " + generation);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "OrgSettings[org=%s, zone=%s, generation=%d, rawFrom=%s]".formatted(org, zone, generation, rawFrom);
    }
}
