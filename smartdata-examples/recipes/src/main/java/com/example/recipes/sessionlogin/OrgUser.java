package com.example.recipes.sessionlogin;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.OrgId;
import java.util.Collection;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.User;

/** A user of Spring Security who belongs to an org. */
final class OrgUser extends User {
    private static final long serialVersionUID = 1;

    private final String org;

    OrgUser(String name, String passwordHash, Collection<? extends GrantedAuthority> authorities, OrgId org) {
        super(name, passwordHash, authorities);
        this.org = requireNonNull(org, "org").value();
    }

    OrgId org() {
        return OrgId.of(org);
    }
}
