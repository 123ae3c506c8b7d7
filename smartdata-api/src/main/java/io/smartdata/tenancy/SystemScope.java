package io.smartdata.tenancy;

/**
 * Proof that the system itself acts, for jobs that serve every org. A store mints one when it is opened and hands it to
 * the library only.
 *
 * @since 0.1.0
 */
public final class SystemScope {
    private SystemScope() {}

    /** For storage implementations, once each. */
    public static SystemScope mint() {
        return new SystemScope();
    }

    /** The scope of one org, with every permission but {@link Permission#CROSS_ORG}. */
    public OrgScope org(OrgId org) {
        return OrgScope.ofSystem(org);
    }
}
