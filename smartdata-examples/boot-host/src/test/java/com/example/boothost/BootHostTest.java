package com.example.boothost;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "spring.security.user.password=a password of the test")
class BootHostTest {
    private static final String ORDER =
            "[{\"id\":\"1\",\"name\":\"order_placed\",\"time\":\"2026-03-01T10:00:00Z\",\"value\":19.9}]";

    @TempDir
    private static Path folder;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        properties.add(
                "spring.datasource.url",
                () -> "jdbc:sqlite:%s?transaction_mode=IMMEDIATE".formatted(folder.resolve("shop.db")));
    }

    @Test
    void anOrderThatIsSentTwiceIsCountedOnce() throws Exception {
        assertThat(events().body()).contains("\"accepted\":1");
        assertThat(events().body()).contains("\"duplicates\":1");
        HttpResponse<String> revenue = send(request("/kpis/revenue/series?org=shop&from=2026-03-01&to=2026-03-02")
                .GET());
        assertThat(revenue.statusCode()).isEqualTo(200);
        assertThat(revenue.body()).contains("19.9");
    }

    @Test
    void noOtherOrgAndNobodyElseIsLetIn() throws Exception {
        assertThat(send(request("/kpis?org=bank").GET()).statusCode()).isEqualTo(403);
        HttpRequest anonymous = HttpRequest.newBuilder(uri("/kpis?org=shop")).build();
        assertThat(HttpClient.newHttpClient()
                        .send(anonymous, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }

    private HttpResponse<String> events() throws Exception {
        return send(request("/events?org=shop")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ORDER)));
    }

    private HttpRequest.Builder request(String path) {
        String login =
                Base64.getEncoder().encodeToString("ann:a password of the test".getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Basic " + login);
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/smartdata/api/v1" + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
