package io.smartdata.tenancy;

/**
 * The host's answer to who may do what. Called for every scope that is requested; must be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AccessPolicy {
    /**
     * Says whether a caller may do something in an org.
     *
     * @return true only if {@code caller} may use {@code permission} in {@code org}; an exception counts as false
     */
    boolean permits(Caller caller, OrgId org, Permission permission);

    /** Denies everything: what is in force until the host supplies a policy. */
    static AccessPolicy denyAll() {
        return (caller, org, permission) -> false;
    }

    /** Permits everything but {@link Permission#CROSS_ORG}: for programs that act for their operator, like a command line. */
    static AccessPolicy singleOperator() {
        return (caller, org, permission) -> permission != Permission.CROSS_ORG;
    }
}
