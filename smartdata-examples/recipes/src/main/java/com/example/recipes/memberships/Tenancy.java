package com.example.recipes.memberships;

import io.smartdata.spring.web.RequestIdentity;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgDirectory;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What smartdata asks the application: who is it, what may they do, is there such an org. */
@Configuration(proxyBeanMethods = false)
class Tenancy {
    @Bean
    AccessPolicy policy(Memberships memberships) {
        return AccessPolicy.ofRoles(memberships::rolesIn);
    }

    @Bean
    OrgDirectory directory(Memberships memberships) {
        return org -> memberships.exists(org) ? Optional.of(OrgProfile.defaults()) : Optional.empty();
    }

    /** The user as the application knows them; of several tenants the request has to name one. */
    @Bean
    RequestIdentity identity(Memberships memberships) {
        return new RequestIdentity() {
            @Override
            public Optional<Caller> caller(HttpServletRequest request) {
                return Optional.ofNullable(request.getUserPrincipal())
                        .map(Principal::getName)
                        .map(Caller::of);
            }

            @Override
            public Set<OrgId> orgs(HttpServletRequest request) {
                return caller(request).map(memberships::of).orElse(Set.of());
            }
        };
    }
}
