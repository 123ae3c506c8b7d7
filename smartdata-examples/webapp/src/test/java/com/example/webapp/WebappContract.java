package com.example.webapp;

import static com.example.webapp.RunningApp.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.webapp.RunningApp.Answer;
import com.example.webapp.RunningApp.Tokens;
import com.example.webapp.analytics.DemoData;
import com.example.webapp.login.Accounts;
import com.example.webapp.login.Sessions;
import io.smartdata.tenancy.Role;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What holds on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebappContract {
    private static final String ORDERS = """
            [{"id":"1","name":"order_placed","time":"2026-03-01T15:00:00Z","value":19.9,"country":"DE"},
             {"id":"1","name":"order_placed","time":"2026-03-01T15:00:00Z","value":19.9,"country":"DE"},
             {"id":"2","name":"order_placed","time":"2026-03-02T15:00:00Z","value":5,"country":"FR"}]
            """;

    private final MutableClock clock = new MutableClock();

    private RunningApp app;

    /** The URL of an empty database. */
    abstract String database(Path folder) throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        app = RunningApp.start(clock, folder, "spring.datasource.url=" + database(folder));
    }

    @AfterAll
    void stop() {
        app.close();
    }

    /** No test is throttled for what another one tried. */
    @AfterEach
    void later() {
        clock.advance(Duration.ofMinutes(5));
    }

    /** An account that no other test uses. */
    private String account(String name) {
        assertThat(app.context().getBean(Accounts.class).add(name, "acme", Role.ORG_VIEWER, PASSWORD))
                .isTrue();
        return name;
    }

    @Test
    void aLoginBringsEventsInAndReadsTheirKpis() throws Exception {
        Tokens admin = app.login("admin@acme");

        Answer batch = app.ingest(admin, ORDERS.replace("2026-03", "2026-04"));
        assertThat(batch.json().path("accepted").asInt()).as(batch.body()).isEqualTo(2);
        assertThat(batch.json().path("duplicates").asInt()).isEqualTo(1);

        Answer series = app.api(admin, "/kpis/revenue/series?from=2026-04-01&to=2026-04-03");
        assertThat(series.status()).isEqualTo(200);
        assertThat(series.body()).contains("\"value\":19.9,");
        Answer freshness = app.api(admin, "/freshness");
        assertThat(freshness.status()).isEqualTo(200);
        assertThat(Instant.parse(series.json().path("dataFreshAsOf").asString()))
                .isNotNull();
    }

    @Test
    void aFileOverHttpLeadsToAForecastAnomaliesAndAnExport() throws Exception {
        Tokens operator = app.login("operator@globex");
        Answer upload = app.send(app.request(
                        "/smartdata/api/v1/uploads?source=bikes&defaultName=bike_rentals&mapping=value:y")
                .headers("Authorization", "Bearer " + app.login("admin@globex").access(), "Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        new ClassPathResource("demo/bike_rentals.csv").getContentAsByteArray())));
        assertThat(upload.json().path("accepted").asInt()).as(upload.body()).isEqualTo(731);

        Answer learnt = app.send(operator, "/kpis/rentals/forecast", "{\"horizon\":14,\"model\":\"seasonal-naive\"}");
        assertThat(learnt.status()).as(learnt.body()).isEqualTo(200);
        Tokens viewer = app.login("viewer@globex");
        assertThat(app.api(viewer, "/kpis/rentals/forecast").json().path("points"))
                .hasSize(14);
        assertThat(app.api(viewer, "/kpis/rentals/reliability").status()).isEqualTo(200);

        Answer judged = app.send(
                operator,
                "/anomalies/detection",
                "{\"kpi\":\"rentals\",\"from\":\"2012-01-01\",\"to\":\"2013-01-01\"}");
        assertThat(judged.status()).as(judged.body()).isEqualTo(200);
        assertThat(app.api(viewer, "/anomalies?kpi=rentals&from=2012-01-01&to=2013-01-01")
                        .body())
                .as("the day a hurricane closed the city")
                .contains("2012-10-29");

        Answer proof = app.send(operator, "/verification", "{\"from\":\"2012-01-01\",\"to\":\"2013-01-01\"}");
        assertThat(proof.json().path("differenceCount").asInt(-1))
                .as(proof.body())
                .isZero();

        assertThat(app.api(viewer, "/export/events?source=bikes").status()).isEqualTo(403);
        Answer export = app.api(app.login("owner@globex"), "/export/events?source=bikes&format=ndjson");
        assertThat(export.body().lines()).hasSize(731);
    }

    @Test
    void anEventThatIsRefusedIsADeadLetterOfItsOrgForItsOperator() throws Exception {
        Tokens admin = app.login("admin@globex");
        Answer batch = app.ingest(admin, "[{\"id\":\"1\",\"name\":\"order_placed\",\"time\":\"yesterday\"}]");
        String letter = batch.json().path("failed").path(0).path("deadLetterId").asString();
        assertThat(app.api(app.login("operator@globex"), "/dead-letters/" + letter)
                        .body())
                .contains("invalid_time");
        assertThat(app.api(admin, "/dead-letters/" + letter).status()).isEqualTo(403);
        assertThat(app.api(app.login("operator@acme"), "/dead-letters/" + letter)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void staffReadsAcrossOrgsAndOwnersDoNot() throws Exception {
        app.ingest(app.login("admin@acme"), ORDERS);
        Tokens staff = app.login("staff@platform");
        assertThat(app.api(staff, "/cross-org/orgs").body()).contains("acme");
        assertThat(app.api(staff, "/jobs").status()).isEqualTo(200);
        assertThat(app.api(staff, "/kpis?org=acme").status())
                .as("only to look across")
                .isEqualTo(403);
        assertThat(app.api(app.login("owner@acme"), "/cross-org/orgs").status()).isEqualTo(403);
        assertThat(app.api(app.login("owner@acme"), "/jobs").status()).isEqualTo(403);
    }

    @Test
    void theDemoDataLoadsOnceHoweverOftenItIsLoaded() throws Exception {
        DemoData demo = app.context().getBean(DemoData.class);
        assertThat(demo.load())
                .contains("acme: 731 events received, 731 new", "globex: 10320 events received, 10320 new");
        assertThat(demo.load()).contains("acme: 731 events received, 0 new");
        Answer rentals = app.api(app.login("viewer@acme"), "/kpis/rentals/series?from=2012-12-30&to=2013-01-01");
        assertThat(rentals.body()).contains("1796", "2729");
    }

    @ParameterizedTest
    @CsvSource({
        "member, 403, 403",
        "viewer, 200, 403",
        "admin, 200, 200",
        "owner, 200, 200",
        "operator, 200, 200",
    })
    void aRoleMayWhatItMay(String role, int read, int write) throws Exception {
        app.ingest(app.login("admin@acme"), ORDERS);
        Tokens tokens = app.login(role + "@acme");
        assertThat(app.api(tokens, "/kpis").status()).isEqualTo(read);
        assertThat(app.ingest(tokens, ORDERS).status()).isEqualTo(write);
    }

    @Test
    void noOrgSeesTheOther() throws Exception {
        app.ingest(app.login("admin@acme"), ORDERS);
        Tokens globex = app.login("owner@globex");
        assertThat(app.api(globex, "/kpis/revenue/series?from=2026-03-01&to=2026-03-03")
                        .body())
                .doesNotContain("19.9");
        Answer own = app.api(globex, "/kpis");
        Answer foreign = app.api(globex, "/kpis?org=acme");
        Answer unknown = app.api(globex, "/kpis?org=nobody");
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(withoutId(foreign)).isEqualTo(withoutId(unknown));
        Answer spoofed =
                app.get("/smartdata/api/v1/kpis", "Authorization", "Bearer " + globex.access(), "X-Org", "acme");
        assertThat(withoutId(spoofed)).isEqualTo(withoutId(own));
        Answer event = app.ingest(globex, ORDERS.replace("\"country\":\"DE\"", "\"org\":\"acme\""));
        assertThat(event.body()).contains("org_mismatch");
    }

    private static String withoutId(Answer answer) {
        return answer.body().replaceAll("\"requestId\":\"[^\"]*\"", "");
    }

    @Test
    void withoutATokenNothingIsAnswered() throws Exception {
        for (String path : List.of("/smartdata/api/v1/kpis", "/", "/actuator/env", "/index.html", "/smartdata")) {
            Answer answer = app.get(path);
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("unauthenticated");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
        assertThat(app.api(app.login("owner@acme"), "/../../../actuator/env").status())
                .isNotEqualTo(200);
    }

    @Test
    void aWrongPasswordAndANameThatNobodyHasAreAnsweredAlike() throws Exception {
        Answer wrong = app.tryLogin("viewer@acme", "not the password");
        Answer nobody = app.tryLogin("nobody@acme", "not the password");
        app.context().getBean(Accounts.class).deactivate(account("inactive@acme"));
        Answer inactive = app.tryLogin("inactive@acme", PASSWORD);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(List.of(nobody.body(), inactive.body())).containsOnly(wrong.body());
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(inactive.status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"viewer@acme\"}|401",
                "{\"password\":\"x\"}|401",
                "{\"name\":null,\"password\":null}|401",
                "{}|401",
                "{\"name\":\"viewer@acme\\u0000\",\"password\":\"x\"}|401",
                "{\"name\":\"\\ud800\",\"password\":\"\\u0000\"}|401",
                "{\"name\":\"viewer@acme' OR '1'='1\",\"password\":\"x\"}|401",
                "{\"name\":{\"$ne\":1},\"password\":\"x\"}|400",
                "not json|400",
                "[]|400"
            })
    void whatIsNoCredentialIsNoLogin(String body, int status) throws Exception {
        Answer answer = app.post("/login", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Exception", "com.example", "jackson");
    }

    @Test
    void aPasswordThatIsLongerThanBcryptReadsIsWrong() throws Exception {
        assertThat(app.context().getBean(Accounts.class).add("long@acme", "acme", Role.ORG_VIEWER, "x".repeat(72)))
                .isTrue();
        assertThat(app.tryLogin("long@acme", "x".repeat(72)).status()).isEqualTo(200);
        assertThat(app.tryLogin("long@acme", "x".repeat(73)).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"viewer@acme", "nobody@acme"})
    void afterFiveWrongPasswordsTheRightOneHasToWaitToo(String name) throws Exception {
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(app.tryLogin(name, "wrong").status()).isEqualTo(401);
        }
        Answer throttled = app.tryLogin(name.toUpperCase(Locale.ROOT), PASSWORD, "X-Forwarded-For", "203.0.113.9");
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.code()).isEqualTo("throttled");
        assertThat(Integer.parseInt(throttled.header("Retry-After"))).isBetween(1, 300);
        assertThat(app.login("admin@acme").access()).as("others are not").isNotEmpty();
        clock.advance(Duration.ofMinutes(5));
        assertThat(app.tryLogin(name, PASSWORD).status()).isEqualTo(name.startsWith("viewer") ? 200 : 401);
    }

    @Test
    void oneAddressCannotTryManyNames() throws Exception {
        for (int attempt = 0; attempt < 50; attempt++) {
            assertThat(app.tryLogin("nobody" + attempt, "wrong").status()).isEqualTo(401);
        }
        assertThat(app.tryLogin("viewer@acme", PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void aRefreshTokenWorksOnceAndReuseEndsTheSession() throws Exception {
        Tokens first = app.login("viewer@acme");
        Tokens second = Tokens.of(app.refresh(first.refresh()));
        assertThat(second.refresh()).isNotEqualTo(first.refresh());
        assertThat(app.api(second, "/kpis").status()).isNotEqualTo(401);

        Answer reused = app.refresh(first.refresh());
        assertThat(reused.status()).isEqualTo(401);
        assertThat(reused.code()).isEqualTo("session_ended");
        assertThat(app.refresh(second.refresh()).status())
                .as("the thief's token, or the owner's: nobody can tell, so neither goes on")
                .isEqualTo(401);
    }

    @Test
    void ofManyRefreshesAtOnceAtMostOneWins() throws Exception {
        Tokens tokens = app.login("viewer@acme");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Integer> refresh = () -> app.refresh(tokens.refresh()).status();
            List<Future<Integer>> answers = threads.invokeAll(Collections.nCopies(16, refresh));
            int won = 0;
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(200, 401);
                won += answer.get() == 200 ? 1 : 0;
            }
            assertThat(won).isLessThanOrEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aSessionEndsWithItsLogoutOnly() throws Exception {
        Tokens phone = app.login("viewer@acme");
        Tokens laptop = app.login("viewer@acme");
        assertThat(app.logout(phone.refresh()).status()).isEqualTo(204);
        assertThat(app.refresh(phone.refresh()).status()).isEqualTo(401);
        assertThat(app.refresh(laptop.refresh()).status()).isEqualTo(200);
        assertThat(app.logout("nonsense").status()).as("nothing is told").isEqualTo(204);
    }

    @Test
    void anAccountThatIsNotActiveCannotRefresh() throws Exception {
        Tokens tokens = app.login(account("leaver@acme"));
        app.context().getBean(Accounts.class).deactivate("leaver@acme");
        assertThat(app.refresh(tokens.refresh()).status()).isEqualTo(401);
    }

    @Test
    void aNewPasswordEndsAllSessions() throws Exception {
        Tokens tokens = app.login(account("forgetful@acme"));
        app.context().getBean(Accounts.class).setPassword("forgetful@acme", "another password");
        app.context().getBean(Sessions.class).closeAllOf("Forgetful@acme");
        assertThat(app.refresh(tokens.refresh()).status()).isEqualTo(401);
        assertThat(app.tryLogin("forgetful@acme", PASSWORD).status()).isEqualTo(401);
        assertThat(app.tryLogin("forgetful@acme", "another password").status()).isEqualTo(200);
    }

    @Test
    void tokensEndByTheClock() throws Exception {
        Tokens tokens = app.login("viewer@acme");
        clock.advance(Duration.ofMinutes(11));
        assertThat(app.api(tokens, "/kpis").status()).as("the access token").isEqualTo(401);
        Tokens next = Tokens.of(app.refresh(tokens.refresh()));
        clock.advance(Duration.ofDays(7));
        assertThat(app.refresh(next.refresh()).status()).as("the refresh token").isEqualTo(401);
    }

    @Test
    void aSessionEndsHoweverOftenItIsRefreshed() throws Exception {
        Tokens tokens = app.login("viewer@acme");
        for (int week = 0; week < 4; week++) {
            clock.advance(Duration.ofDays(7).minusMinutes(1));
            tokens = Tokens.of(app.refresh(tokens.refresh()));
        }
        clock.advance(Duration.ofDays(3));
        assertThat(app.refresh(tokens.refresh()).status()).isEqualTo(401);
    }

    @Test
    void signUpIsOffUnlessItIsSwitchedOn() throws Exception {
        Answer answer = app.post("/sign-up", "{\"name\":\"eve\",\"password\":\"a long password\"}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(app.tryLogin("eve", "a long password").status()).isEqualTo(401);
    }

    @Test
    void noPasswordAndNoTokenIsKeptAsItIs() throws Exception {
        Tokens tokens = app.login("viewer@acme");
        String secret = tokens.refresh().substring(tokens.refresh().indexOf('.') + 1);
        JdbcClient jdbc = app.context().getBean(JdbcClient.class);
        assertThat(jdbc.sql("SELECT password FROM app_account")
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allSatisfy(hash -> assertThat(hash).startsWith("$2a$10$").doesNotContain(PASSWORD));
        assertThat(jdbc.sql("SELECT token_hash FROM app_session")
                        .query(String.class)
                        .list())
                .isNotEmpty()
                .allSatisfy(hash -> assertThat(hash).hasSize(64).doesNotContain(secret));
    }
}
