package com.example.recipes.resourceserver;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** A chain for the API only, before those of the application. */
@Configuration(proxyBeanMethods = false)
class ResourceServer {
    @Bean
    @Order(1)
    SecurityFilterChain smartDataChain(HttpSecurity http) throws Exception {
        return http.securityMatcher("/smartdata/**")
                .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable) // no cookie, nothing to forge
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .build();
    }
}
