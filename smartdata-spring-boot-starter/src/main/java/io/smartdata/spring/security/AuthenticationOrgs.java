package io.smartdata.spring.security;

import io.smartdata.tenancy.OrgId;
import java.util.Set;
import org.springframework.security.core.Authentication;

/**
 * Tells the orgs of whoever is authenticated. With {@code smartdata.security.org-claim} they come from a claim; hosts whose
 * users carry them elsewhere have a bean of this type.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AuthenticationOrgs {
    /** The orgs {@code authentication} belongs to; empty if none. */
    Set<OrgId> of(Authentication authentication);
}
