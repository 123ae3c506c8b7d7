package com.example.webapp.login;

import io.smartdata.tenancy.Role;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings under {@code webapp.login}; the defaults stand in {@code application.properties}.
 *
 * @param issuer who signs the access tokens, their {@code iss}
 * @param audience whom they are for, their {@code aud}
 * @param accessToken how long an access token works
 * @param refreshToken how long a refresh token works if it is not used
 * @param session how long after the login everything ends, however often it was refreshed
 * @param attempts wrong passwords for one name from one address
 * @param attemptsOfAddress wrong passwords from one address
 * @param attemptsWithin the time in which these are counted
 * @param signUp accounts that people make for themselves
 * @since 0.1.0
 */
@ConfigurationProperties("webapp.login")
public record LoginProperties(
        String issuer,
        String audience,
        Duration accessToken,
        Duration refreshToken,
        Duration session,
        int attempts,
        int attemptsOfAddress,
        Duration attemptsWithin,
        SignUp signUp) {
    /**
     * @param enabled whether they may
     * @param org the org they then belong to
     * @param role what they may do there
     */
    public record SignUp(boolean enabled, String org, Role role) {}
}
