package com.example.webapp.login;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.stereotype.Component;

/**
 * Signs access tokens: short, with the org and the role, for one audience.
 *
 * @since 0.1.0
 */
@Component
public class AccessTokens {
    /** Of access tokens only (RFC 9068), so that no other thing we might sign is taken for one. */
    static final String TYPE = "at+jwt";

    static final String ROLES = "roles";
    static final String ORG = "org";

    private final SigningKeys keys;
    private final JwtEncoder encoder;
    private final JwtAuthenticationConverter converter;
    private final LoginProperties properties;
    private final Clock clock;

    AccessTokens(SigningKeys keys, JwtAuthenticationConverter converter, LoginProperties properties, Clock clock) {
        this.keys = keys;
        this.encoder = new NimbusJwtEncoder(keys);
        this.converter = converter;
        this.properties = properties;
        this.clock = clock;
    }

    Jwt of(Account account) {
        Instant now = clock.instant();
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.ES256)
                .type(TYPE)
                .keyId(keys.newest())
                .build();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(properties.issuer())
                .audience(List.of(properties.audience()))
                .subject(account.name())
                .id(UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(now.plus(properties.accessToken()))
                .claim(ORG, account.org())
                .claim(ROLES, List.of(account.role().name()))
                .build();
        return encoder.encode(JwtEncoderParameters.from(header, claims));
    }

    /** What a request with a token of {@code account} is to Spring Security. */
    public Authentication authenticationOf(Account account) {
        return converter.convert(of(account));
    }
}
