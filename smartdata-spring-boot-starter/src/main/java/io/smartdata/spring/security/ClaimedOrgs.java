package io.smartdata.spring.security;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.OrgId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/** The orgs that a token's claim or a user's attribute names: one text or several. What is no org id counts for nothing. */
final class ClaimedOrgs implements AuthenticationOrgs {
    private final String claim;

    ClaimedOrgs(String claim) {
        this.claim = requireNonNull(claim, "claim");
    }

    @Override
    public Set<OrgId> of(Authentication authentication) {
        Object value = claims(authentication.getPrincipal()).get(claim);
        Set<OrgId> orgs = new LinkedHashSet<>();
        if (value instanceof Collection<?> several) {
            several.forEach(each -> add(orgs, each));
        } else {
            add(orgs, value);
        }
        return orgs;
    }

    private static Map<String, Object> claims(@Nullable Object principal) {
        if (principal instanceof ClaimAccessor token) {
            return token.getClaims();
        }
        return principal instanceof OAuth2AuthenticatedPrincipal user ? user.getAttributes() : Map.of();
    }

    private static void add(Set<OrgId> orgs, @Nullable Object value) {
        if (value instanceof String text && isOrgId(text)) {
            orgs.add(OrgId.of(text));
        }
    }

    private static boolean isOrgId(String text) {
        try {
            OrgId.of(text);
            return true;
        } catch (IllegalArgumentException notAnOrg) {
            return false;
        }
    }
}
