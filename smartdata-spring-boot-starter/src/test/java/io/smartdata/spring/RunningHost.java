package io.smartdata.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A host application with a real server on a free port and an SQLite file. */
public final class RunningHost implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ConfigurableApplicationContext context;

    /** A host that does nothing of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Plain {}

    /** What a host answered. */
    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() throws IOException {
            return JSON.readTree(body());
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }

    private RunningHost(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** An application without Spring Security. */
    public static RunningHost open(Path folder, String... settings) {
        return withoutSecurity(folder, Plain.class, settings);
    }

    /** An application of this configuration that has Spring Security on its class path and does without it. */
    public static RunningHost withoutSecurity(Path folder, Class<?> configuration, String... settings) {
        return start(folder, configuration, Lines.SECURITY + "," + Lines.JPA_AND_QUARTZ, settings);
    }

    /** An application of this configuration. */
    public static RunningHost withSecurity(Path folder, Class<?> configuration, String... settings) {
        return start(folder, configuration, Lines.JPA_AND_QUARTZ, settings);
    }

    /** An application of this configuration that has JPA, and no Spring Security. */
    public static RunningHost withJpa(Path folder, Class<?> configuration, String... settings) {
        return start(folder, configuration, Lines.SECURITY, settings);
    }

    /** Later settings win over earlier ones. */
    private static RunningHost start(Path folder, Class<?> configuration, String excluded, String... settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("spring.main.banner-mode", "off");
        all.put("spring.datasource.url", "jdbc:sqlite:" + folder.resolve("host.db"));
        all.put("spring.autoconfigure.exclude", excluded);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            all.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        String[] arguments = all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        return new RunningHost(new SpringApplication(configuration).run(arguments));
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /** Where it listens. */
    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** The address of a path. */
    public URI uri(String path) {
        return URI.create("http://localhost:%d%s".formatted(port(), path));
    }

    /** Asks for a path. */
    public Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).GET(), headers);
    }

    /** Sends a body. */
    public Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    /** Sends what was built. */
    public Answer send(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Answer(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    @Override
    public void close() {
        context.close();
    }
}
