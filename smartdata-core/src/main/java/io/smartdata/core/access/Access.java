package io.smartdata.core.access;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.CrossOrgScope;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.time.Duration;

/**
 * Asks the host's policy and directory for scopes, on the caller's thread, and takes everything for a no that is not a clear
 * yes in time. Whoever is denied cannot tell whether the org exists: the directory is asked only about what the policy
 * grants.
 *
 * @since 0.1.0
 */
public final class Access {
    /** Time that a policy or directory has to answer unless the application says otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    private final AccessPolicy policy;
    private final OrgProfiles profiles;
    private final TimelyHost host;

    /** With an open directory and the default timeout. */
    public Access(AccessPolicy policy) {
        this(policy, new OrgProfiles(OrgDirectory.open(), DEFAULT_TIMEOUT), DEFAULT_TIMEOUT);
    }

    /**
     * @param timeout an answer that took longer is a denial; it is waited for all the same, since it is given on the caller's
     *     thread
     */
    public Access(AccessPolicy policy, OrgProfiles profiles, Duration timeout) {
        this.policy = requireNonNull(policy, "policy");
        this.profiles = requireNonNull(profiles, "profiles");
        this.host = new TimelyHost(timeout);
    }

    /**
     * The scope of one org for one caller.
     *
     * @throws SmartDataException {@code not_permitted} if the policy denies one permission, does not answer in time or fails,
     *     or if the directory does not know the org; the message is the same
     * @throws IllegalArgumentException for {@link Permission#CROSS_ORG}, which {@link #crossOrg} is for
     */
    public OrgScope scope(Caller caller, OrgId org, Permission first, Permission... more) {
        return OrgScope.request(new OfKnownOrgs(), caller, org, first, more);
    }

    /**
     * The scope of all orgs for one caller.
     *
     * @throws SmartDataException {@code not_permitted} if the policy denies {@link Permission#CROSS_ORG}, does not answer in
     *     time or fails
     */
    public CrossOrgScope crossOrg(Caller caller) {
        return CrossOrgScope.request(new OfKnownOrgs(), caller);
    }

    /** The host's policy, in time, for orgs of the host's directory. */
    private final class OfKnownOrgs implements AccessPolicy {
        @Override
        public boolean permits(Caller caller, OrgId org, Permission permission) {
            return host.ask("access policy", () -> policy.permits(caller, org, permission))
                    && profiles.find(org).isPresent();
        }

        @Override
        public boolean permitsAcrossOrgs(Caller caller) {
            return host.ask("access policy", () -> policy.permitsAcrossOrgs(caller));
        }
    }
}
