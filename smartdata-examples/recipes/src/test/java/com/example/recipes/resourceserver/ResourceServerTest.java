package com.example.recipes.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.recipes.RunningRecipe;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceServerTest {
    private static final String API = "/smartdata/api/v1";

    private HttpServer provider;
    private RSAKey key;
    private RunningRecipe host;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        key = new RSAKeyGenerator(2048).keyID("1").generate();
        byte[] keys = new JWKSet(key).toString().getBytes(StandardCharsets.UTF_8);
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        provider.start();
        host = RunningRecipe.start(
                App.class,
                "resource-server",
                folder,
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://localhost:%d/keys"
                        .formatted(provider.getAddress().getPort()));
    }

    @AfterAll
    void stop() {
        host.close();
        provider.stop(0);
    }

    private String token(JWTClaimsSet.Builder claims) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims.build());
        token.sign(new RSASSASigner(key));
        return "Bearer " + token.serialize();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://login.example.com/")
                .audience("smartdata")
                .subject("ann")
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("org_id", "acme")
                .claim("scope", "kpis.read events.write");
    }

    private int kpis(JWTClaimsSet.Builder claims) throws Exception {
        return host.get(API + "/kpis", "Authorization", token(claims)).statusCode();
    }

    @Test
    void aTokenOfTheProviderBringsEventsInAndReadsKpis() throws Exception {
        assertThat(host.post(API + "/events", "application/json", RunningRecipe.ORDER, "Authorization", token(claims()))
                        .body())
                .contains("\"accepted\":1");
        assertThat(kpis(claims())).isEqualTo(200);
    }

    @Test
    void aTokenWithoutTheScopeOrForSomethingElseIsRefused() throws Exception {
        assertThat(kpis(claims().claim("scope", "mail"))).isEqualTo(403);
        assertThat(kpis(claims().audience("mail"))).isEqualTo(401);
        assertThat(kpis(claims().issuer("https://elsewhere.example.com/"))).isEqualTo(401);
        assertThat(kpis(claims().expirationTime(Date.from(Instant.now().minusSeconds(300)))))
                .isEqualTo(401);
        assertThat(host.get(API + "/kpis").statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenOfOneOrgReadsNoOther() throws Exception {
        assertThat(host.get(API + "/kpis?org=globex", "Authorization", token(claims()))
                        .statusCode())
                .isEqualTo(403);
    }
}
