package com.example.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.webapp.RunningApp.Answer;
import com.example.webapp.RunningApp.Tokens;
import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Access tokens as an attacker makes them. What a stolen key could sign is signed with the server's own key. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenProbesTest {
    private RunningApp app;
    private ECKey own;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        app = RunningApp.start(folder);
        own = JWKSet.parse(Files.readString(folder.resolve("data/signing-keys.json")))
                .getKeys()
                .get(0)
                .toECKey();
    }

    @AfterAll
    void stop() {
        app.close();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("webapp")
                .audience("smartdata")
                .subject("owner@acme")
                .issueTime(new Date())
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))))
                .claim("org", "acme")
                .claim("roles", List.of("ORG_OWNER"));
    }

    private static String signed(JWSHeader.Builder header, JWTClaimsSet claims, JWSSigner signer) throws Exception {
        SignedJWT token = new SignedJWT(header.build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private String signed(JWTClaimsSet claims) throws Exception {
        return signed(es256().keyID(own.getKeyID()), claims, new ECDSASigner(own));
    }

    private static JWSHeader.Builder es256() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType("at+jwt"));
    }

    private int status(String token) throws Exception {
        return answer(token).status();
    }

    private Answer answer(String token) throws Exception {
        return app.get("/smartdata/api/v1/kpis", "Authorization", "Bearer " + token);
    }

    @Test
    void theTokenThatTheProbesAreMadeFromIsBelieved() throws Exception {
        assertThat(status(signed(claims().build())))
                .as("no data yet, but let in")
                .isEqualTo(404);
    }

    @TestFactory
    List<DynamicTest> noForgedTokenIsBelieved() throws Exception {
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("other").generate();
        String valid = signed(claims().build());
        String[] parts = valid.split("\\.");
        byte[] publicKey = own.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8);
        return List.of(
                probe("alg none", new PlainJWT(claims().build()).serialize()),
                probe("alg None", unsigned("{\"alg\":\"None\"}")),
                probe("alg nOnE with a kid", unsigned("{\"alg\":\"nOnE\",\"kid\":\"" + own.getKeyID() + "\"}")),
                probe("the signature left out", parts[0] + "." + parts[1] + "."),
                probe("the dot left out", parts[0] + "." + parts[1]),
                probe(
                        "other claims under a true signature",
                        parts[0] + "."
                                + base64(claims().claim("org", "globex").build().toString()) + "." + parts[2]),
                probe(
                        "the signature of zeros",
                        parts[0] + "." + parts[1] + "."
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64])),
                probe("another key", signed(es256().keyID("other"), claims().build(), new ECDSASigner(other))),
                probe(
                        "another key under our kid",
                        signed(es256().keyID(own.getKeyID()), claims().build(), new ECDSASigner(other))),
                probe(
                        "a key that the token brings along",
                        signed(
                                es256().keyID("other").jwk(other.toPublicJWK()),
                                claims().build(),
                                new ECDSASigner(other))),
                probe(
                        "our public key taken for a shared secret",
                        signed(
                                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(own.getKeyID()),
                                claims().build(),
                                new MACSigner(publicKey))),
                probe(
                        "expired",
                        signed(claims().expirationTime(Date.from(Instant.now().minusSeconds(60)))
                                .build())),
                probe("without an end", signed(claims().expirationTime(null).build())),
                probe(
                        "not yet",
                        signed(claims().notBeforeTime(Date.from(Instant.now().plusSeconds(120)))
                                .build())),
                probe(
                        "another issuer",
                        signed(claims().issuer("https://elsewhere.example").build())),
                probe("without an issuer", signed(claims().issuer(null).build())),
                probe(
                        "for another audience",
                        signed(claims().audience("payments").build())),
                probe(
                        "without an audience",
                        signed(claims().audience((String) null).build())),
                probe("without a subject", signed(claims().subject(null).build())),
                probe(
                        "a critical header that nobody knows",
                        signed(
                                es256().keyID(own.getKeyID())
                                        .criticalParams(Set.of("x-urgent"))
                                        .customParam("x-urgent", true),
                                claims().build(),
                                new ECDSASigner(own))),
                probe(
                        "of another type",
                        signed(
                                es256().keyID(own.getKeyID()).type(new JOSEObjectType("secevent+jwt")),
                                claims().build(),
                                new ECDSASigner(own))),
                probe(
                        "of no type",
                        signed(
                                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(own.getKeyID()),
                                claims().build(),
                                new ECDSASigner(own))),
                probe("a refresh token", app.login("viewer@acme").refresh()),
                probe("not a token", "x"),
                probe("a hundred dots", ".".repeat(100)),
                probe("6 KiB of it", "a".repeat(6144)));
    }

    private DynamicTest probe(String name, String token) {
        return DynamicTest.dynamicTest(name, () -> {
            Answer answer = answer(token);
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(answer.body()).doesNotContain("Exception", "JWT", "signature", "nimbus");
        });
    }

    private static String unsigned(String header) {
        return base64(header) + "." + base64(claims().build().toString()) + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rolesAndOrgsThatNobodyKnowsGrantNothing() throws Exception {
        assertThat(status(signed(claims().claim("roles", List.of("ROOT", "ROLE_ORG_OWNER"))
                        .build())))
                .isEqualTo(403);
        assertThat(status(signed(claims().claim("roles", "ORG_MEMBER").build())))
                .isEqualTo(403);
        assertThat(status(signed(claims().claim("org", "acme globex").build()))).isIn(400, 403);
        assertThat(status(signed(claims().claim("org", null).build()))).isIn(400, 403);
        assertThat(status(
                        signed(claims().claim("org", List.of("acme", "globex")).build())))
                .as("of two, one must be named")
                .isEqualTo(400);
    }

    @Test
    void aTokenElsewhereThanInTheHeaderIsNotRead() throws Exception {
        Tokens tokens = app.login("viewer@acme");
        assertThat(app.get("/smartdata/api/v1/kpis?access_token=" + tokens.access())
                        .status())
                .isEqualTo(401);
        assertThat(app.get("/smartdata/api/v1/kpis", "Cookie", "access_token=" + tokens.access())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void anAccessTokenSaysWhatItMustAndNoMore() throws Exception {
        SignedJWT token = SignedJWT.parse(app.login("viewer@acme").access());
        assertThat(token.getHeader().getAlgorithm()).isEqualTo((Algorithm) JWSAlgorithm.ES256);
        assertThat(token.getHeader().getKeyID()).isEqualTo(own.getKeyID());
        assertThat(token.getJWTClaimsSet().getClaims().keySet())
                .containsExactlyInAnyOrder("iss", "aud", "sub", "jti", "iat", "exp", "org", "roles");
        assertThat(Duration.between(
                        token.getJWTClaimsSet().getIssueTime().toInstant(),
                        token.getJWTClaimsSet().getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(10));
    }
}
