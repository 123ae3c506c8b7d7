package com.example.webapp.login;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.Role;

/**
 * Who may log in.
 *
 * @param name what they log in with, in lower case
 * @param org the one org they belong to
 * @param role what they may do there
 * @since 0.1.0
 */
public record Account(String name, String org, Role role) {
    public Account {
        requireNonNull(name, "name");
        requireNonNull(org, "org");
        requireNonNull(role, "role");
    }
}
