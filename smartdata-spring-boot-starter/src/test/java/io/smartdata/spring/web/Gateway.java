package io.smartdata.spring.web;

import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import io.smartdata.tenancy.OrgQuotas;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A host behind a gateway that tells in a header who is logged in. {@code acme} may do everything in the org acme,
 * {@code acme/org_viewer} what a viewer may; {@code staff/platform_admin} also reads across orgs.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Gateway {
    static final String USER = "X-User";

    @Bean
    RequestIdentity identity() {
        return new RequestIdentity() {
            @Override
            public Optional<Caller> caller(HttpServletRequest request) {
                if ("broken".equals(request.getHeader(USER))) {
                    throw new IllegalStateException("secret of the host");
                }
                return Optional.ofNullable(request.getHeader(USER)).map(Caller::of);
            }

            @Override
            public Set<OrgId> orgs(HttpServletRequest request) {
                return Set.of(OrgId.of(org(request.getHeader(USER))));
            }
        };
    }

    /** One org may send two events a minute. */
    @Bean
    OrgDirectory directory() {
        OrgQuotas few = OrgQuotas.none().withEventsPerMinute(2);
        return org ->
                Optional.of(org.value().equals("busy") ? OrgProfile.defaults().withQuotas(few) : OrgProfile.defaults());
    }

    @Bean
    AccessPolicy policy() {
        return new AccessPolicy() {
            @Override
            public boolean permits(Caller caller, OrgId org, Permission permission) {
                return org.value().equals(org(caller.name()))
                        && role(caller)
                                .map(role -> role.permissions().contains(permission))
                                .orElse(true);
            }

            @Override
            public boolean permitsAcrossOrgs(Caller caller) {
                return role(caller).filter(Role.PLATFORM_ADMIN::equals).isPresent();
            }
        };
    }

    private static String org(String user) {
        return user.split("/")[0];
    }

    private static Optional<Role> role(Caller caller) {
        String name = caller.name();
        int slash = name.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(Role.valueOf(name.substring(slash + 1).toUpperCase(Locale.ROOT)));
    }
}
