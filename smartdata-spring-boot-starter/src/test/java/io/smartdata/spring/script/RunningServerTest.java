package io.smartdata.spring.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.spring.RunningHost;
import io.smartdata.spring.script.Browser.Answer;
import io.smartdata.spring.script.Browser.Request;
import io.smartdata.spring.script.Browser.Tab;
import io.smartdata.spring.web.RequestIdentity;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** smartdata.js against the API of a server that is really there, for most of the time. */
class RunningServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    /** A host behind a gateway that tells who is logged in. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Gateway {
        @Bean
        RequestIdentity identity() {
            return new RequestIdentity() {
                @Override
                public Optional<Caller> caller(HttpServletRequest request) {
                    return Optional.ofNullable(request.getHeader("X-User")).map(Caller::of);
                }

                @Override
                public Set<OrgId> orgs(HttpServletRequest request) {
                    return Set.of(OrgId.of("acme"));
                }
            };
        }

        @Bean
        AccessPolicy policy() {
            return (caller, org, permission) -> true;
        }
    }

    private RunningHost host(int port) {
        return RunningHost.withoutSecurity(folder, Gateway.class, "smartdata.web.enabled=true", "server.port=" + port);
    }

    /** Passes requests on to a port of this machine, some of them after the server should have answered but did not. */
    private static final class Line implements Function<Request, Answer> {
        private final int port;
        private final List<String> loseAnswersTo = new ArrayList<>();

        Line(int port) {
            this.port = port;
        }

        @Override
        public Answer apply(Request request) {
            HttpRequest.Builder real = HttpRequest.newBuilder(
                            URI.create("http://localhost:%d%s".formatted(port, request.text("url"))))
                    .POST(HttpRequest.BodyPublishers.ofString(request.text("body")));
            request.json()
                    .path("headers")
                    .properties()
                    .forEach(header ->
                            real.header(header.getKey(), header.getValue().asText()));
            @Nullable Answer answer = sent(real.build());
            return answer == null || loseAnswersTo.removeAll(request.ids()) ? Answer.lost() : answer;
        }

        private static @Nullable Answer sent(HttpRequest request) {
            try {
                HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                return Answer.of(response.statusCode(), response.body());
            } catch (IOException noServer) {
                return null;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aRestartInTheMiddleLosesAndDoublesNothing() throws Exception {
        RunningHost first = host(0);
        Line line = new Line(first.port());
        try (Browser browser = Browser.open(line).at(Instant.now().minus(Duration.ofDays(1)))) {
            Tab tab = browser.tab("\"batchEvents\":20");
            Tab other = browser.tab("\"batchEvents\":20");
            line.loseAnswersTo.add("event-25");
            emit(tab, 0, 100);
            browser.pass(Duration.ofSeconds(1));
            long settledBefore = tab.count("accepted") + other.count("accepted");
            first.close();
            assertThat(settledBefore).isBetween(1L, 99L);

            emit(other, 100, 200);
            browser.pass(Duration.ofMinutes(2));
            tab.kill();
            assertThat(other.count("queued")).isGreaterThan(100);
            assertThat(other.stats().path("lastError").path("reason").asText()).isEqualTo("network");

            try (RunningHost second = host(line.port)) {
                emit(other, 200, 300);
                browser.pass(Duration.ofMinutes(15));
                assertThat(other.count("queued")).isZero();
                assertThat(other.count("failed") + other.count("dropped")).isZero();
                assertThat(other.count("duplicates")).as("of the lost answer").isEqualTo(20);
                assertThat(total(second, "clicked.count")).isEqualTo(300);
                assertThat(total(second, "clicked.sum")).isEqualTo(299 * 300 / 2);
            }
        }
    }

    private static long total(RunningHost host, String kpi) throws Exception {
        JsonNode series = host.get("/smartdata/api/v1/kpis/" + kpi + "/series?last=P7D", "X-User", "ann")
                .json();
        long total = 0;
        for (JsonNode point : series.path("points")) {
            total += point.path("value").asLong();
        }
        return total;
    }

    private static void emit(Tab tab, int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(tab.emit("clicked", "{id: 'event-%d', value: %d}".formatted(i, i)))
                    .isNotNull();
        }
    }
}
