package com.example.boothost;

import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Role;
import java.util.Set;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * All that an application needs for smartdata and its REST API: whoever is logged in may bring events into the org {@code shop}
 * and read its KPIs. The rest stands in {@code application.properties}.
 *
 * @since 0.1.0
 */
// example:begin
@SpringBootApplication
public class BootHost {
    /** Starts the server. */
    public static void main(String[] arguments) {
        SpringApplication.run(BootHost.class, arguments);
    }

    @Bean
    AccessPolicy policy() {
        return AccessPolicy.ofRoles((caller, org) -> org.value().equals("shop") ? Set.of(Role.ORG_ADMIN) : Set.of());
    }
}
// example:end
