package io.smartdata.tenancy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Permits what roles grant. */
record RolePolicy(RolesInOrg inOrg, PlatformRoles onPlatform) implements AccessPolicy {
    @Override
    public boolean permits(Caller caller, OrgId org, Permission permission) {
        return permission != Permission.CROSS_ORG && grants(inOrg.of(caller, org), permission);
    }

    @Override
    public boolean permitsAcrossOrgs(Caller caller) {
        return grants(onPlatform.of(caller), Permission.CROSS_ORG);
    }

    /** A host's function may answer null, whatever its type says. */
    private static boolean grants(@Nullable Set<Role> roles, Permission permission) {
        return roles != null
                && roles.stream().anyMatch(role -> role.permissions().contains(permission));
    }
}
