package io.smartdata.spring.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is answered what, by every shape of host: nobody without a login sees data, whoever may does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostMatrixTest {
    private static final Pattern ACTUATOR = Pattern.compile("^spring-boot-(starter-)?(actuator|health|micrometer)");
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private Path folder;
    private URLClassLoader withoutActuator;

    /** Kinds of login, with what a request without one is answered. */
    enum Login {
        NO_SECURITY("NoSecurity", 401),
        DEFAULT_CHAIN("DefaultChain", 401),
        RESOURCE_SERVER("ResourceServer", 401),
        SESSION("SessionLogin", 302);

        private final String configuration;
        private final int anonymous;

        Login(String configuration, int anonymous) {
            this.configuration = configuration;
            this.anonymous = anonymous;
        }
    }

    enum Actuator {
        ABSENT,
        PRESENT,
        EXPOSED
    }

    /** Where things are put, with the path before everything of the application. */
    enum Place {
        CONTEXT_PATH("/app", "server.servlet.context-path=/app"),
        SERVLET_PATH("/mvc", "spring.mvc.servlet.path=/mvc"),
        MANAGEMENT_PORT("", "management.server.port=0");

        private final String prefix;
        private final String setting;

        Place(String prefix, String setting) {
            this.prefix = prefix;
            this.setting = setting;
        }
    }

    @BeforeAll
    void events(@TempDir Path shared) throws IOException, ReflectiveOperationException {
        folder = shared;
        withoutActuator = ClassPath.without(ACTUATOR);
        try (SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open("jdbc:sqlite:" + folder.resolve("host.db")))
                .accessPolicy(AccessPolicy.singleOperator())
                .build()) {
            OrgScope acme = smartData.access().scope(Caller.of("test"), OrgId.of("acme"), Permission.INGEST);
            smartData
                    .ingest(acme)
                    .events(List.of(Event.named("login", Instant.parse("2026-03-01T12:00:00Z"))
                            .id("1")
                            .build()));
        }
    }

    @AfterAll
    void close() throws IOException {
        withoutActuator.close();
    }

    /** So many that every two values meet; all of them with {@code -Dsmartdata.soak=true}. */
    static Stream<Arguments> shapes() {
        List<Arguments> all = new ArrayList<>();
        for (Login login : Login.values()) {
            for (Actuator actuator : Actuator.values()) {
                for (Place place : Place.values()) {
                    boolean pairwise =
                            (login.ordinal() + actuator.ordinal() + place.ordinal()) % Place.values().length == 0;
                    if (pairwise || Boolean.getBoolean("smartdata.soak")) {
                        all.add(Arguments.of(login, actuator, place));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, Actuator {1}, {2}")
    @MethodSource("shapes")
    void nobodySeesDataWithoutALoginAndWhoMayDoes(Login login, Actuator actuator, Place place) throws Exception {
        try (Shape host = start(login, actuator, place)) {
            String kpis = place.prefix + "/smartdata/api/v1/kpis";
            HttpClient anonymous = HttpClient.newHttpClient();
            assertThat(host.get(anonymous, kpis).statusCode()).isEqualTo(login.anonymous);
            assertThat(host.get(anonymous, "/smartdata/api/v1/kpis").statusCode())
                    .isNotEqualTo(200);
            assertHealthTellsNoDetails(host.actuator(anonymous, "/health/smartData"));
            HttpResponse<String> strange = host.actuator(anonymous, "/smartdata");
            boolean open = login == Login.NO_SECURITY && actuator == Actuator.EXPOSED;
            assertThat(strange.statusCode()).isEqualTo(open ? 200 : login == Login.NO_SECURITY ? 404 : login.anonymous);
            assertThat(strange.body()).doesNotContain("acme");

            if (login == Login.SESSION && place == Place.SERVLET_PATH) {
                return; // Spring Security has no login page there: such a host brings its own
            }
            HttpClient ann = host.logIn();
            HttpResponse<String> answer = host.get(ann, kpis);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(new ObjectMapper().readTree(answer.body()).path("kpis").findValuesAsText("name"))
                    .contains("login.count");
            HttpResponse<String> endpoint = host.actuator(ann, "/smartdata");
            boolean unknownThere =
                    login == Login.SESSION && actuator != Actuator.ABSENT && place == Place.MANAGEMENT_PORT;
            assertThat(endpoint.statusCode())
                    .as("a port of its own does not know the sessions of the other")
                    .isEqualTo(unknownThere ? 302 : actuator == Actuator.EXPOSED ? 200 : 404);
            assertThat(endpoint.body()).doesNotContain("acme");
        }
    }

    /** Some shapes let a probe see the status without a login, none more than that. */
    private static void assertHealthTellsNoDetails(HttpResponse<String> health) {
        if (health.statusCode() == 200) {
            assertThat(health.body()).isEqualTo("{\"status\":\"UP\"}");
        }
    }

    private Shape start(Login login, Actuator actuator, Place place) throws ReflectiveOperationException {
        List<String> settings = new ArrayList<>(List.of(
                place.setting,
                "smartdata.web.enabled=true",
                "smartdata.jobs.enabled=false",
                "smartdata.security.org-claim=org_id",
                "smartdata.security.roles.org-viewer=SCOPE_kpis.read,ROLE_USER"));
        if (login != Login.NO_SECURITY) {
            settings.addAll(List.of(
                    "spring.security.user.name=ann",
                    "spring.security.user.password=pw",
                    "spring.security.user.roles=USER"));
        }
        if (actuator == Actuator.EXPOSED) {
            settings.add("management.endpoints.web.exposure.include=health,smartdata");
        }
        ClassLoader loader =
                actuator == Actuator.ABSENT ? withoutActuator : getClass().getClassLoader();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object[] started = (Object[]) loader.loadClass(ShapedHost.class.getName())
                    .getMethod("start", String.class, Path.class, String[].class)
                    .invoke(null, login.configuration, folder, settings.toArray(String[]::new));
            return new Shape(login, place, (Integer) started[0], (Integer) started[1], (Runnable) started[2]);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A host that runs. */
    private record Shape(Login login, Place place, int port, int managementPort, Runnable closing)
            implements AutoCloseable {
        HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
            return send(client, port, path);
        }

        HttpResponse<String> actuator(HttpClient client, String path) throws IOException, InterruptedException {
            return send(client, managementPort, place.prefix + "/actuator" + path);
        }

        private HttpResponse<String> send(HttpClient client, int at, String path)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + at + path));
            if (client.cookieHandler().isPresent()) {
                switch (login) {
                    case NO_SECURITY -> request.header("X-User", "ann");
                    case DEFAULT_CHAIN -> request.header("Authorization", "Basic " + base64("ann:pw"));
                    case RESOURCE_SERVER -> request.header("Authorization", "Bearer ann");
                    case SESSION -> {}
                }
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        /** A client with cookies is ann's; of a session, one that has sent the form. */
        HttpClient logIn() throws IOException, InterruptedException {
            HttpClient client =
                    HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            if (login == Login.SESSION) {
                String path = place.prefix + "/login";
                Matcher token = CSRF.matcher(get(client, path).body());
                assertThat(token.find()).as("a form with a CSRF token").isTrue();
                String form =
                        "username=ann&password=pw&_csrf=" + URLEncoder.encode(token.group(1), StandardCharsets.UTF_8);
                client.send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
            return client;
        }

        @Override
        public void close() {
            closing.run();
        }
    }
}
