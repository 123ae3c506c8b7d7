package com.example.recipes.memberships;

import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.Role;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The application's own table: which user has which part in which tenant. */
@Component
class Memberships {
    private final JdbcClient jdbc;

    Memberships(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Asked at every request, so that whoever is removed is out at once. */
    Set<Role> rolesIn(Caller caller, OrgId org) {
        List<String> parts = jdbc.sql("SELECT part FROM membership WHERE user_name = :user AND tenant = :tenant")
                .param("user", caller.name())
                .param("tenant", org.value())
                .query(String.class)
                .list();
        Set<Role> roles = EnumSet.noneOf(Role.class);
        parts.forEach(part -> roles.add(role(part)));
        return roles;
    }

    private static Role role(String part) {
        return switch (part) {
            case "owner" -> Role.ORG_OWNER;
            case "editor" -> Role.ORG_ADMIN;
            case "reader" -> Role.ORG_VIEWER;
            default -> Role.ORG_MEMBER;
        };
    }

    Set<OrgId> of(Caller caller) {
        List<String> tenants = jdbc.sql("SELECT tenant FROM membership WHERE user_name = :user ORDER BY tenant")
                .param("user", caller.name())
                .query(String.class)
                .list();
        Set<OrgId> orgs = new LinkedHashSet<>();
        tenants.forEach(tenant -> orgs.add(OrgId.of(tenant)));
        return orgs;
    }

    boolean exists(OrgId org) {
        return jdbc.sql("SELECT COUNT(*) FROM tenant WHERE name = :name")
                        .param("name", org.value())
                        .query(Long.class)
                        .single()
                == 1;
    }
}
