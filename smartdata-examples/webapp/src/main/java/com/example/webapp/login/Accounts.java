package com.example.webapp.login;

import io.smartdata.tenancy.Role;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/**
 * The accounts and their passwords, which are kept as BCrypt hashes.
 *
 * @since 0.1.0
 */
@Component
public class Accounts {
    /** BCrypt reads no more. */
    private static final int MOST_PASSWORD_BYTES = 72;

    private static final int LEAST_PASSWORD_BYTES = 12;

    /** Too short to be anybody's. */
    private static final String NOBODYS = "?";

    /** Of a name in lower case. Without letters that look like others, and without what a database cannot keep. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9._@+-]{1,200}");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords = new BCryptPasswordEncoder();

    /** A check takes a processor for a while: no more at once than there are, so that logins cannot stop everything else. */
    private final Semaphore checks = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** What the password of a name that nobody has is compared with, so that the answer takes as long. */
    private final String nobodysHash = hashed(randomPassword());

    /** A row of the table. */
    private record Row(Account account, String password, boolean active) {}

    Accounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Not to be guessed: 120 random bits. */
    public static String randomPassword() {
        byte[] bytes = new byte[15];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The account whose password this is. A name that nobody has, a wrong password and an account that is not active are the same,
     * and take as long.
     *
     * @throws Refused {@code busy} if too many passwords are being checked
     */
    Optional<Account> login(@Nullable String name, @Nullable String password) {
        Optional<Row> row = name == null ? Optional.empty() : row(name);
        String tried = password != null && bytes(password) <= MOST_PASSWORD_BYTES ? password : NOBODYS;
        boolean right = matches(tried, row.map(Row::password).orElse(nobodysHash));
        return row.filter(found -> right && found.active()).map(Row::account);
    }

    private boolean matches(String password, String hash) {
        if (!begin()) {
            throw Refused.later(HttpStatus.SERVICE_UNAVAILABLE, "busy", "Too many logins at once.", 1);
        }
        try {
            return passwords.matches(password, hash);
        } finally {
            checks.release();
        }
    }

    private boolean begin() {
        try {
            return checks.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The account, if it may still be used. */
    Optional<Account> active(String name) {
        return row(name).filter(Row::active).map(Row::account);
    }

    private Optional<Row> row(String name) {
        if (!NAME.matcher(normalised(name)).matches()) {
            return Optional.empty();
        }
        return jdbc.sql("SELECT name, org, role, password, active FROM app_account WHERE name = :name")
                .param("name", normalised(name))
                .query(Accounts::row)
                .optional();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        Account account = new Account(row.getString("name"), row.getString("org"), Role.valueOf(row.getString("role")));
        return new Row(account, row.getString("password"), row.getBoolean("active"));
    }

    /**
     * Makes an account.
     *
     * @return whether there was none of that name
     * @throws IllegalArgumentException if the name has other characters than letters, digits and . _ @ + -, or more than 200, or the password has less than 12 or
     *     more than 72 bytes
     */
    public boolean add(String name, String org, Role role, String password) {
        if (!NAME.matcher(normalised(name)).matches()) {
            throw new IllegalArgumentException(
                    "A name has 1 to 200 letters from a to z, digits or . _ @ + - and nothing else.");
        }
        String hash = hashed(password);
        return jdbc.sql("""
                        INSERT INTO app_account (name, org, role, password, active)
                        VALUES (:name, :org, :role, :password, TRUE)
                        ON CONFLICT (name) DO NOTHING""")
                        .param("name", normalised(name))
                        .param("org", org)
                        .param("role", role.name())
                        .param("password", hash)
                        .update()
                == 1;
    }

    /** @throws IllegalArgumentException if nobody has the name, or the password has less than 12 or more than 72 bytes */
    public void setPassword(String name, String password) {
        requireOne(jdbc.sql("UPDATE app_account SET password = :password WHERE name = :name")
                .param("password", hashed(password))
                .param("name", normalised(name))
                .update());
    }

    /**
     * From now on the account can neither log in nor refresh.
     *
     * @throws IllegalArgumentException if nobody has the name
     */
    public void deactivate(String name) {
        requireOne(jdbc.sql("UPDATE app_account SET active = FALSE WHERE name = :name")
                .param("name", normalised(name))
                .update());
    }

    boolean none() {
        return jdbc.sql("SELECT COUNT(*) FROM app_account").query(Long.class).single() == 0;
    }

    private static void requireOne(int accounts) {
        if (accounts == 0) {
            throw new IllegalArgumentException("Nobody has that name. Nothing was changed.");
        }
    }

    private String hashed(String password) {
        if (bytes(password) < LEAST_PASSWORD_BYTES || bytes(password) > MOST_PASSWORD_BYTES) {
            throw new IllegalArgumentException("A password has 12 to 72 bytes.");
        }
        return String.valueOf(passwords.encode(password));
    }

    private static int bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length;
    }

    static String normalised(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
