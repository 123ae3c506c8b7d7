package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * The host's answer to who may do what. Called for every scope that is requested, on the thread of the caller, since that is
 * where a host keeps who is logged in; must be thread-safe.
 *
 * <p>Whatever is not a clear and timely yes is a no: an exception, a missing answer of {@link RolesInOrg}, an answer that
 * took longer than the application allows.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AccessPolicy {
    /**
     * Says whether a caller may do something in an org.
     *
     * @param permission never {@link Permission#CROSS_ORG}, which is not about one org
     * @return true only if {@code caller} may use {@code permission} in {@code org}; an exception counts as false
     */
    boolean permits(Caller caller, OrgId org, Permission permission);

    /**
     * Says whether a caller has {@link Permission#CROSS_ORG}: may read figures of all orgs. Nobody has unless the host says
     * so.
     */
    default boolean permitsAcrossOrgs(Caller caller) {
        return false;
    }

    /** The host's membership: the roles of a caller in an org; none of them is an empty set. */
    @FunctionalInterface
    interface RolesInOrg {
        /** Roles of {@code caller} in {@code org}; null counts as none. */
        Set<Role> of(Caller caller, OrgId org);
    }

    /** The host's own staff: roles of a caller that are not about one org. */
    @FunctionalInterface
    interface PlatformRoles {
        /** Roles of {@code caller} on the platform; null counts as none. */
        Set<Role> of(Caller caller);
    }

    /** Denies everything: what is in force until the host supplies a policy. */
    static AccessPolicy denyAll() {
        return (caller, org, permission) -> false;
    }

    /** Permits everything but {@link Permission#CROSS_ORG}: for programs that act for their operator, like a command line. */
    static AccessPolicy singleOperator() {
        return (caller, org, permission) -> permission != Permission.CROSS_ORG;
    }

    /** Permits what the roles of a caller in the org add up to; nothing across orgs. */
    static AccessPolicy ofRoles(RolesInOrg inOrg) {
        return ofRoles(inOrg, caller -> Set.of());
    }

    /**
     * As {@link #ofRoles(RolesInOrg)}; across orgs those with {@link Role#PLATFORM_ADMIN} on the platform. That role within
     * an org grants nothing.
     */
    static AccessPolicy ofRoles(RolesInOrg inOrg, PlatformRoles onPlatform) {
        return new RolePolicy(requireNonNull(inOrg, "inOrg"), requireNonNull(onPlatform, "onPlatform"));
    }
}
