package com.example.recipes;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application of one recipe, with a server on a free port, and a client with a jar for cookies. */
public final class RunningRecipe implements AutoCloseable {
    /** One event. */
    public static final String ORDER =
            "[{\"id\":\"1\",\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":19.9}]";

    private final ConfigurableApplicationContext context;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    private RunningRecipe(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param name of the recipe's file of properties */
    public static RunningRecipe start(Class<?> application, String name, Path folder, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.config.name=" + name,
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.datasource.url=jdbc:sqlite:%s?transaction_mode=IMMEDIATE&busy_timeout=10000"
                        .formatted(folder.resolve("recipe.db"))));
        Arrays.stream(settings).map(setting -> "--" + setting).forEach(arguments::add);
        return new RunningRecipe(new SpringApplicationBuilder(application).run(arguments.toArray(String[]::new)));
    }

    /** The beans. */
    public ConfigurableApplicationContext context() {
        return context;
    }

    /** What the client's jar has under this name, as a script of the page reads it. */
    public String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
    }

    /** Asks for a path. */
    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path).GET(), headers);
    }

    /** Sends a body. */
    public HttpResponse<String> post(String path, String type, String body, String... headers)
            throws IOException, InterruptedException {
        return send(
                request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(
                "http://localhost:%s%s".formatted(context.getEnvironment().getProperty("local.server.port"), path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
