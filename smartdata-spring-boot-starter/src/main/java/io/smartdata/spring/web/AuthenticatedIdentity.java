package io.smartdata.spring.web;

import static java.util.Objects.requireNonNull;

import io.smartdata.spring.security.AuthenticationOrgs;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.security.core.Authentication;

/** Also knows the orgs of whoever Spring Security authenticated. */
final class AuthenticatedIdentity extends PrincipalIdentity {
    private final AuthenticationOrgs orgs;

    AuthenticatedIdentity(AuthenticationOrgs orgs) {
        this.orgs = requireNonNull(orgs, "orgs");
    }

    @Override
    public Set<OrgId> orgs(HttpServletRequest request) {
        return request.getUserPrincipal() instanceof Authentication authentication ? orgs.of(authentication) : Set.of();
    }
}
