package io.smartdata.spring.security;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Grants what the authorities of the thread's {@link Authentication} add up to, in the orgs it belongs to. Whoever is not the
 * caller that is asked about, is not authenticated or has no org is denied.
 *
 * @since 0.1.0
 */
public final class SecurityAccessPolicy implements AccessPolicy {
    private final AuthenticationOrgs orgs;
    private final Map<Role, List<String>> authorities;
    private final AccessPolicy roles;

    /** @param authorities those that give a role; any of them is enough */
    public SecurityAccessPolicy(AuthenticationOrgs orgs, Map<Role, List<String>> authorities) {
        this.orgs = requireNonNull(orgs, "orgs");
        this.authorities = Map.copyOf(authorities);
        this.roles = AccessPolicy.ofRoles(this::inOrg, this::ofCaller);
    }

    @Override
    public boolean permits(Caller caller, OrgId org, Permission permission) {
        return roles.permits(caller, org, permission);
    }

    @Override
    public boolean permitsAcrossOrgs(Caller caller) {
        return roles.permitsAcrossOrgs(caller);
    }

    private Set<Role> inOrg(Caller caller, OrgId org) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && orgs.of(authentication).contains(org) ? ofCaller(caller) : Set.of();
    }

    private Set<Role> ofCaller(Caller caller) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null
                || !authentication.isAuthenticated()
                || !authentication.getName().equals(caller.name())) {
            return Set.of();
        }
        Set<String> held = authentication.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .collect(Collectors.toSet());
        Set<Role> granted = EnumSet.noneOf(Role.class);
        authorities.forEach((role, any) -> {
            if (any.stream().anyMatch(held::contains)) {
                granted.add(role);
            }
        });
        return granted;
    }
}
