package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.event.IdentityScope;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The KPI definitions in force. They live in the org's database, one numbered generation at a time; what a process was
 * configured with is activated when it starts and when it creates an org. From then on every process folds with what its
 * transaction reads.
 *
 * @since 0.1.0
 */
public final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    /** Of an org that was created and never given definitions. */
    private static final long FIRST_GENERATION = 1;

    private final Storage storage;
    private final @Nullable KpiCatalog configured;
    private final ZoneId newOrgZone;
    private final IdentityScope newOrgIdentity;
    private final Function<OrgId, Optional<OrgProfile>> profiles;
    private final Map<Key, KpiCatalog> catalogs = new ConcurrentHashMap<>();
    private final Map<Key, KpiPlan> plans = new ConcurrentHashMap<>();

    private record Key(OrgId org, long generation) {}

    /**
     * @param configured what this process declares; null to use what each org has
     * @param newOrgZone zone of orgs this process creates
     * @param newOrgIdentity identity scope of orgs this process creates
     * @param profiles what the host says of an org; goes before both
     */
    public Generations(
            Storage storage,
            @Nullable KpiCatalog configured,
            ZoneId newOrgZone,
            IdentityScope newOrgIdentity,
            Function<OrgId, Optional<OrgProfile>> profiles) {
        this.storage = requireNonNull(storage, "storage");
        this.configured = configured;
        this.newOrgZone = requireNonNull(newOrgZone, "newOrgZone");
        this.newOrgIdentity = requireNonNull(newOrgIdentity, "newOrgIdentity");
        this.profiles = requireNonNull(profiles, "profiles");
    }

    /** Activates what is configured in every org that has something else. */
    public void activateConfigured(SystemScope system) {
        if (configured != null) {
            for (OrgId org : storage.orgs().all(system)) {
                OrgScope scope = system.org(org);
                storage.orgs().find(scope).ifPresent(settings -> activateIfOther(scope));
            }
        }
    }

    /**
     * The org of the scope, if it exists, its definitions loaded. If nobody ever activated any, for whoever created it did
     * not live to or has none, it gets what is configured here.
     */
    public Optional<OrgSettings> find(OrgScope scope) {
        Optional<OrgSettings> org = storage.orgs().find(scope).map(found -> activateFirst(scope, found));
        org.ifPresent(found -> load(scope, found.generation()));
        return org;
    }

    private OrgSettings activateFirst(OrgScope scope, OrgSettings org) {
        boolean known = catalogs.containsKey(new Key(scope.org(), org.generation()));
        return configured == null || known || org.generation() > FIRST_GENERATION ? org : activateIfOther(scope);
    }

    /** What the org of the scope would be like if it were created now; its hash key is not the one it will get. */
    public OrgSettings imagined(OrgScope scope) {
        OrgProfile profile = profile(scope);
        return new OrgSettings(
                scope.org(), zone(profile), FIRST_GENERATION, Instant.EPOCH, new byte[32], identityScope(profile));
    }

    /** Creates the org of the scope unless it exists, and loads its definitions. */
    public OrgSettings create(OrgScope scope) {
        OrgProfile profile = profile(scope);
        OrgSettings created = storage.orgs().ensure(scope, zone(profile), identityScope(profile));
        OrgSettings org = configured == null ? created : activateIfOther(scope);
        load(scope, org.generation());
        return org;
    }

    private OrgProfile profile(OrgScope scope) {
        return profiles.apply(scope.org()).orElseGet(OrgProfile::defaults);
    }

    private ZoneId zone(OrgProfile profile) {
        return profile.zone() == null ? newOrgZone : profile.zone();
    }

    private IdentityScope identityScope(OrgProfile profile) {
        return profile.identityScope() == null ? newOrgIdentity : profile.identityScope();
    }

    /**
     * As {@link #find} for a call within a host's transaction, where no org may be created on the side.
     *
     * @throws SmartDataException {@code unknown_org} if the org does not exist
     */
    public OrgSettings prepareExisting(OrgScope scope) {
        OrgSettings org = existing(scope);
        load(scope, org.generation());
        return org;
    }

    /**
     * The org of the scope.
     *
     * @throws SmartDataException {@code unknown_org} if it was never created
     */
    public OrgSettings existing(OrgScope scope) {
        return storage.orgs()
                .find(scope)
                .orElseThrow(() -> new SmartDataException(
                        "unknown_org",
                        "The org %s has no data here. Ingest its first events, or check its name and the database."
                                .formatted(scope.org())));
    }

    /**
     * Loads the definitions of a generation, so that transactions need not. If it serves no more, loads those of the one that
     * does.
     */
    public void load(OrgScope scope, long generation) {
        if (!catalogs.containsKey(new Key(scope.org(), generation))) {
            storage.kpis().snapshot(scope, this::catalog);
        }
    }

    /**
     * A fold for the generation that a transaction read.
     *
     * @throws GenerationMovedException if it is not loaded
     */
    public KpiFold fold(OrgScope scope, OrgSettings org) {
        Key key = new Key(scope.org(), org.generation());
        KpiCatalog catalog = catalogs.get(key);
        if (catalog == null) {
            throw new GenerationMovedException(org.generation());
        }
        return plans.computeIfAbsent(key, absent -> KpiPlan.of(catalog, org)).fold();
    }

    /** The definitions that a snapshot shows. */
    public KpiCatalog catalog(KpiSnapshot snapshot) {
        OrgSettings org = snapshot.org();
        return catalogs.computeIfAbsent(
                new Key(org.org(), org.generation()), key -> KpiDefinitions.load(snapshot.definitions()));
    }

    /** What is in force, of one moment. */
    private record InForce(OrgSettings org, List<StoredDefinition> definitions) {}

    private InForce inForce(OrgScope scope) {
        return storage.kpis()
                .snapshot(scope, snapshot -> new InForce(snapshot.org(), List.copyOf(snapshot.definitions())));
    }

    /** Puts the org into another zone, with the definitions it has. */
    OrgSettings changeZone(OrgScope scope, ZoneId zone) {
        return untilUndisturbed(scope, now -> {
            if (zone.equals(now.org().zone())) {
                return now.org();
            }
            AuditEntry entry = AuditEntry.done(
                    AuditAction.CHANGE_ZONE,
                    zone.getId(),
                    Map.of("before", now.org().zone().getId()));
            return activate(scope, now, zone, now.definitions(), entry);
        });
    }

    private OrgSettings activateIfOther(OrgScope scope) {
        List<StoredDefinition> wanted = KpiDefinitions.store(requireNonNull(configured));
        return untilUndisturbed(scope, now -> {
            if (now.definitions().equals(wanted)) {
                return now.org();
            }
            AuditEntry entry = AuditEntry.done(
                    AuditAction.CHANGE_DEFINITIONS,
                    "generation " + (now.org().generation() + 1),
                    Map.of("before", now.definitions().size(), "after", wanted.size()));
            return activate(scope, now, now.org().zone(), wanted, entry);
        });
    }

    /** Looks again if another generation came between looking and activating: what that one changed must stay. */
    private OrgSettings untilUndisturbed(OrgScope scope, Function<InForce, OrgSettings> change) {
        while (true) {
            try {
                return change.apply(inForce(scope));
            } catch (GenerationMovedException moved) {
                LOG.debug("Another generation came first, generation={}", moved.generation());
            }
        }
    }

    /**
     * Starts the generation after {@code now}, filled from the raw events.
     *
     * @throws GenerationMovedException if another one came between; nothing is changed
     */
    private OrgSettings activate(
            OrgScope scope, InForce now, ZoneId zone, List<StoredDefinition> definitions, AuditEntry entry) {
        return storage.orgs().activate(scope, zone, definitions, backfill -> {
            if (backfill.org().generation() != now.org().generation() + 1) {
                throw new GenerationMovedException(backfill.org().generation());
            }
            KpiRebuilder.rebuildAll(backfill, KpiDefinitions.load(definitions));
            backfill.audit(entry);
        });
    }
}
