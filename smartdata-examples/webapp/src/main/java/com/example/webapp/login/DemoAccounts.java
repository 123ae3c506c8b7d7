package com.example.webapp.login;

import io.smartdata.tenancy.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Somebody of every role in two orgs, when there is no account yet; before the port is open. */
@Component
@ConditionalOnBooleanProperty("webapp.demo.accounts")
@EnableConfigurationProperties(DemoAccounts.Properties.class)
class DemoAccounts implements SmartInitializingSingleton {
    private final Accounts accounts;
    private final Properties properties;

    /**
     * Settings under {@code webapp.demo}.
     *
     * @param accounts whether they are made
     * @param password of all of them; if empty, each gets a random one that is printed once
     */
    @ConfigurationProperties("webapp.demo")
    record Properties(boolean accounts, String password) {}

    DemoAccounts(Accounts accounts, Properties properties) {
        this.accounts = accounts;
        this.properties = properties;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!accounts.none()) {
            return;
        }
        List<String> made = new ArrayList<>();
        for (String org : List.of("acme", "globex")) {
            for (Role role : List.of(Role.ORG_MEMBER, Role.ORG_VIEWER, Role.ORG_ADMIN, Role.ORG_OWNER, Role.OPERATOR)) {
                add(role.name().toLowerCase(Locale.ROOT).replace("org_", "") + "@" + org, org, role, made);
            }
        }
        add("staff@platform", "platform", Role.PLATFORM_ADMIN, made);
        if (properties.password().isEmpty() && !made.isEmpty()) {
            System.out.printf("Demo accounts, shown this once:%n%s%n", String.join(System.lineSeparator(), made));
        }
    }

    private void add(String name, String org, Role role, List<String> made) {
        String password = properties.password().isEmpty() ? Accounts.randomPassword() : properties.password();
        if (accounts.add(name, org, role, password)) {
            made.add("  %-18s %s".formatted(name, password));
        }
    }
}
