package com.example.recipes.sessionlogin;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.recipes.RunningRecipe;
import io.smartdata.tenancy.OrgId;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.UserDetailsService;

class SessionLoginTest {
    private static final String API = "/smartdata/api/v1";
    private static final Pattern HIDDEN_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    @TempDir
    private Path folder;

    /** The recipe, and a user. */
    @Import(App.class)
    @TestConfiguration
    static class WithAnn {
        @Bean
        UserDetailsService users() {
            return name ->
                    new OrgUser(name, "{noop}pw", AuthorityUtils.createAuthorityList("ROLE_EDITOR"), OrgId.of("acme"));
        }
    }

    @Test
    void aBrowserLogsInAndSendsEventsWithTheTokenOfItsCookie() throws Exception {
        try (RunningRecipe host = start()) {
            assertThat(host.get(API + "/kpis").statusCode()).isEqualTo(401);
            login(host);
            assertThat(host.get(API + "/smartdata.js").body()).contains("export function createEmitter");
            assertThat(host.post(API + "/events", "application/json", RunningRecipe.ORDER)
                            .statusCode())
                    .as("a form of another site has the cookie but not the header")
                    .isEqualTo(403);

            host.get(API + "/freshness");
            String token = host.cookie("XSRF-TOKEN");
            assertThat(host.post(API + "/events", "application/json", RunningRecipe.ORDER, "X-XSRF-TOKEN", token)
                            .body())
                    .contains("\"accepted\":1");
            assertThat(host.get(API + "/kpis").statusCode()).isEqualTo(200);
            assertThat(host.get(API + "/kpis?org=globex").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void theCookieOfTheSessionIsNotForScriptsNorForOtherSitesAndChangesAtTheLogin() throws Exception {
        try (RunningRecipe host = start()) {
            String before = sessionCookie(host.get("/login"));
            String after = sessionCookie(login(host));
            assertThat(after).contains("HttpOnly").contains("SameSite=Strict");
            assertThat(value(after)).as("session fixation").isNotEqualTo(value(before));
        }
    }

    private RunningRecipe start() {
        return RunningRecipe.start(
                WithAnn.class, "session-login", folder, "server.servlet.session.cookie.secure=false");
    }

    private static HttpResponse<String> login(RunningRecipe host) throws Exception {
        Matcher token = HIDDEN_TOKEN.matcher(host.get("/login").body());
        assertThat(token.find()).isTrue();
        HttpResponse<String> answer = host.post(
                "/login", "application/x-www-form-urlencoded", "username=ann&password=pw&_csrf=" + token.group(1));
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElse("")).doesNotContain("error");
        return answer;
    }

    private static String sessionCookie(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("JSESSIONID="))
                .findFirst()
                .orElse("");
    }

    private static String value(String cookie) {
        return cookie.substring(cookie.indexOf('=') + 1).split(";", 2)[0];
    }
}
