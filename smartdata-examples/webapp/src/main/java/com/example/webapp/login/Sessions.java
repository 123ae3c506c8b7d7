package com.example.webapp.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Logins that go on: each has one refresh token that works once and gives the next.
 *
 * <p>A token is the id of its session and a secret. Only the newest secret renews the session; any other one that names it is an
 * old one in wrong hands, and ends it for everybody (RFC 9700, 4.14.2).
 *
 * @since 0.1.0
 */
@Component
public class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final int SECRET_BYTES = 32;
    private static final Pattern TOKEN = Pattern.compile("([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{43})");

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final Clock clock;
    private final Duration tokenLifetime;
    private final Duration sessionLifetime;

    /**
     * A session that was renewed.
     *
     * @param refreshToken the only one that works from now on
     */
    record Renewed(Account account, String refreshToken) {}

    Sessions(JdbcClient jdbc, Accounts accounts, Clock clock, LoginProperties properties) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.clock = clock;
        this.tokenLifetime = properties.refreshToken();
        this.sessionLifetime = properties.session();
    }

    /** @return its first refresh token */
    String open(Account account) {
        jdbc.sql("DELETE FROM app_session WHERE session_ends <= :now")
                .param("now", now())
                .update();
        String id = random(ID_BYTES);
        String secret = random(SECRET_BYTES);
        jdbc.sql("""
                        INSERT INTO app_session (id, account, token_hash, token_ends, session_ends)
                        VALUES (:id, :account, :hash, :tokenEnds, :sessionEnds)""")
                .param("id", id)
                .param("account", account.name())
                .param("hash", hash(secret))
                .param("tokenEnds", now() + tokenLifetime.toSeconds())
                .param("sessionEnds", now() + sessionLifetime.toSeconds())
                .update();
        return id + "." + secret;
    }

    /** Of two requests with the same token one statement lets one win; the other is a reuse. */
    Optional<Renewed> renew(@Nullable String token) {
        Matcher parts = TOKEN.matcher(token == null ? "" : token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String id = parts.group(1);
        String next = random(SECRET_BYTES);
        int renewed = jdbc.sql("""
                        UPDATE app_session SET token_hash = :next, token_ends = :ends
                        WHERE id = :id AND token_hash = :hash AND token_ends > :now AND session_ends > :now
                          AND EXISTS (SELECT 1 FROM app_account a WHERE a.name = account AND a.active)""")
                .param("next", hash(next))
                .param("ends", now() + tokenLifetime.toSeconds())
                .param("id", id)
                .param("hash", hash(parts.group(2)))
                .param("now", now())
                .update();
        if (renewed == 0) {
            end(id);
            return Optional.empty();
        }
        return account(id).map(account -> new Renewed(account, id + "." + next));
    }

    private void end(String id) {
        if (delete(id) > 0) {
            LOG.warn("session_ended reason=\"token used twice, too old, or of an account that is not active\"");
        }
    }

    private Optional<Account> account(String id) {
        return jdbc.sql("SELECT account FROM app_session WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .optional()
                .flatMap(accounts::active);
    }

    /** Ends the session that the token names, whether the token is its newest one or not. */
    void close(@Nullable String token) {
        Matcher parts = TOKEN.matcher(token == null ? "" : token);
        if (parts.matches()) {
            delete(parts.group(1));
        }
    }

    private int delete(String id) {
        return jdbc.sql("DELETE FROM app_session WHERE id = :id")
                .param("id", id)
                .update();
    }

    /** Ends all sessions of an account. */
    public void closeAllOf(String account) {
        jdbc.sql("DELETE FROM app_session WHERE account = :account")
                .param("account", Accounts.normalised(account))
                .update();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** A secret of 256 random bits needs neither salt nor slowness. */
    private static String hash(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
