package com.example.recipes.sessionlogin;

import io.smartdata.spring.security.AuthenticationOrgs;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;

/** A cookie is sent by browsers whoever asks for it, so CSRF protection stays on; scripts read the token from another cookie. */
@Configuration(proxyBeanMethods = false)
class SessionLogin {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http.formLogin(Customizer.withDefaults())
                .csrf(CsrfConfigurer::spa) // cookie XSRF-TOKEN, back in the header X-XSRF-TOKEN
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .exceptionHandling(failures -> failures.defaultAuthenticationEntryPointFor(
                        new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                        request -> request.getRequestURI().startsWith(request.getContextPath() + "/smartdata/")))
                .build();
    }

    @Bean
    AuthenticationOrgs orgs() {
        return authentication -> authentication.getPrincipal() instanceof OrgUser user ? Set.of(user.org()) : Set.of();
    }
}
