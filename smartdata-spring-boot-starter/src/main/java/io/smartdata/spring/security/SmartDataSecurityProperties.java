package io.smartdata.spring.security;

import io.smartdata.tenancy.Role;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code smartdata.security}: what Spring Security knows, in the words of smartdata.
 *
 * @param orgClaim Claim of the token or attribute of the user that names the org, or the orgs, a caller belongs to.
 * @param roles Authorities that give a role, for example smartdata.security.roles.org-viewer=SCOPE_kpis. A platform-admin
 *     reads across orgs; every other role holds in the orgs of the caller.
 * @since 0.1.0
 */
@ConfigurationProperties("smartdata.security")
public record SmartDataSecurityProperties(
        @Nullable String orgClaim, @DefaultValue Map<Role, List<String>> roles) {}
