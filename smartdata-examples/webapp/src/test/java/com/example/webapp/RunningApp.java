package com.example.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application on a free port, and a client. */
final class RunningApp implements AutoCloseable {
    static final String PASSWORD = "correct horse battery";

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    /** What the application answered. */
    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            return JSON.readTree(body());
        }

        String code() {
            return json().path("code").asString();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    /** What a login gave. */
    record Tokens(String access, String refresh) {
        static Tokens of(Answer answer) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return new Tokens(
                    answer.json().path("accessToken").asString(),
                    answer.json().path("refreshToken").asString());
        }
    }

    private RunningApp(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** With its data in the folder and accounts of the same {@link #PASSWORD}. */
    static RunningApp start(Path folder, String... settings) {
        return start(Clock.systemUTC(), folder, settings);
    }

    static RunningApp start(Clock clock, Path folder, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0", "--spring.main.banner-mode=off", "--webapp.folder=" + folder.resolve("data")));
        if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith("webapp.demo.password="))) {
            arguments.add("--webapp.demo.password=" + PASSWORD);
        }
        Arrays.stream(settings).map(setting -> "--" + setting).forEach(arguments::add);
        return new RunningApp(new SpringApplicationBuilder(WebApplication.class)
                .initializers((GenericApplicationContext context) -> context.registerBean(
                        "testClock", Clock.class, () -> clock, definition -> definition.setPrimary(true)))
                .run(arguments.toArray(String[]::new)));
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path).GET(), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                headers);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path));
    }

    Answer send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Answer(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    Answer tryLogin(String name, String password, String... headers) throws IOException, InterruptedException {
        return post("/login", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password), headers);
    }

    Tokens login(String name) throws IOException, InterruptedException {
        return Tokens.of(tryLogin(name, PASSWORD));
    }

    Answer refresh(String token) throws IOException, InterruptedException {
        return post("/refresh", "{\"refreshToken\":\"%s\"}".formatted(token));
    }

    Answer logout(String token) throws IOException, InterruptedException {
        return post("/logout", "{\"refreshToken\":\"%s\"}".formatted(token));
    }

    /** Asks the API with an access token. */
    Answer api(Tokens tokens, String path) throws IOException, InterruptedException {
        return get("/smartdata/api/v1" + path, "Authorization", "Bearer " + tokens.access());
    }

    /** Sends a body to the API with an access token. */
    Answer send(Tokens tokens, String path, String body) throws IOException, InterruptedException {
        return post("/smartdata/api/v1" + path, body, "Authorization", "Bearer " + tokens.access());
    }

    /** Sends a batch with an access token. */
    Answer ingest(Tokens tokens, String body) throws IOException, InterruptedException {
        return send(tokens, "/events", body);
    }

    /** Lines that no client of the JDK would send. */
    List<String> raw(String... lines) throws IOException {
        try (Socket socket = new Socket("localhost", port())) {
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .lines()
                    .collect(Collectors.toList());
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
