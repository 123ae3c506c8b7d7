package com.example.webapp.login;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Login, refresh, logout, and sign-up where it is on. No answer tells whether a name exists. */
@RestController
class LoginController {
    private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final Accounts accounts;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final LoginProperties properties;
    private final Throttle ofNameAndAddress;
    private final Throttle ofAddress;

    /** What a client sends to log in or to sign up. */
    record Credentials(@Nullable String name, @Nullable String password) {}

    /** What a client sends to go on or to log out. */
    record RefreshToken(@Nullable String refreshToken) {}

    /** What a client gets; the names are those of OAuth 2 in the style of our JSON. */
    record Tokens(String accessToken, String tokenType, long expiresIn, String refreshToken) {}

    LoginController(
            Accounts accounts, Sessions sessions, AccessTokens accessTokens, LoginProperties properties, Clock clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.properties = properties;
        this.ofNameAndAddress = new Throttle(clock, properties.attempts(), properties.attemptsWithin());
        this.ofAddress = new Throttle(clock, properties.attemptsOfAddress(), properties.attemptsWithin());
    }

    @PostMapping(path = "/login", consumes = JSON)
    Tokens login(@RequestBody Credentials credentials, HttpServletRequest request) {
        String address = network(request.getRemoteAddr());
        String both = Accounts.normalised(String.valueOf(credentials.name())) + " " + address;
        throttle(ofAddress, address);
        throttle(ofNameAndAddress, both);
        Account account = accounts.login(credentials.name(), credentials.password())
                .orElseThrow(() ->
                        Refused.of(HttpStatus.UNAUTHORIZED, "bad_credentials", "The name or the password is wrong."));
        ofAddress.undo(address);
        ofNameAndAddress.undo(both);
        return tokens(account, sessions.open(account));
    }

    @PostMapping(path = "/refresh", consumes = JSON)
    Tokens refresh(@RequestBody RefreshToken token) {
        Sessions.Renewed renewed = sessions.renew(token.refreshToken())
                .orElseThrow(() ->
                        Refused.of(HttpStatus.UNAUTHORIZED, "session_ended", "The session is over. Log in again."));
        return tokens(renewed.account(), renewed.refreshToken());
    }

    @PostMapping(path = "/logout", consumes = JSON)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(@RequestBody RefreshToken token) {
        sessions.close(token.refreshToken());
    }

    /** The same answer whether the name was free or not; who has it keeps it. */
    @PostMapping(path = "/sign-up", consumes = JSON)
    @ResponseStatus(HttpStatus.ACCEPTED)
    void signUp(@RequestBody Credentials wanted, HttpServletRequest request) {
        LoginProperties.SignUp signUp = properties.signUp();
        if (!signUp.enabled()) {
            throw Refused.of(HttpStatus.NOT_FOUND, "not_found", "There is nothing at this address.");
        }
        throttle(ofAddress, network(request.getRemoteAddr()));
        if (wanted.name() == null || wanted.password() == null) {
            throw Refused.of(HttpStatus.BAD_REQUEST, "invalid_request", "Send a name and a password.");
        }
        try {
            accounts.add(wanted.name(), signUp.org(), signUp.role(), wanted.password());
        } catch (IllegalArgumentException e) {
            throw Refused.of(HttpStatus.BAD_REQUEST, "invalid_request", String.valueOf(e.getMessage()));
        }
    }

    private Tokens tokens(Account account, String refreshToken) {
        return new Tokens(
                accessTokens.of(account).getTokenValue(),
                "Bearer",
                properties.accessToken().toSeconds(),
                refreshToken);
    }

    private static void throttle(Throttle throttle, String key) {
        Duration wait = throttle.attempt(key);
        if (!wait.isZero()) {
            throw Refused.later(
                    HttpStatus.TOO_MANY_REQUESTS, "throttled", "Too many attempts.", Math.max(1, wait.toSeconds()));
        }
    }

    /** Whoever has an address of IPv6 has all of its /64. */
    private static String network(String address) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, IPV6_NETWORK_BYTES)));
        } catch (UnknownHostException notAnAddress) {
            return address;
        }
    }
}
