package io.smartdata.core.access;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;

/**
 * Asks the host's policy for scopes.
 *
 * @since 0.1.0
 */
public final class Access {
    private final AccessPolicy policy;

    public Access(AccessPolicy policy) {
        this.policy = requireNonNull(policy, "policy");
    }

    /**
     * The scope of one org for one caller.
     *
     * @throws io.smartdata.SmartDataException {@code not_permitted} if the policy denies one permission or fails
     */
    public OrgScope scope(Caller caller, OrgId org, Permission first, Permission... more) {
        return OrgScope.request(policy, caller, org, first, more);
    }
}
