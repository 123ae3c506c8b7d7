package io.smartdata.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.smartdata.core.emit.EmitterSettings;
import io.smartdata.core.emit.EmitterStatistics;
import io.smartdata.core.emit.EventEmitter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Between emitter and server a proxy cuts connections, most often after the server has committed and before it is heard. */
@Timeout(180)
class EmitterCutConnectionTest {
    private static final int ROUNDS = 200;
    private static final int EVENTS = 7;

    @TempDir
    private Path folder;

    /** Passes requests on; the first of each round is cut off in one way of four. */
    private static final class CuttingProxy implements AutoCloseable {
        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        private final HttpServer server;
        private final URI target;
        private final AtomicInteger round = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private volatile boolean cut;

        CuttingProxy(URI target) throws IOException {
            this.target = target;
            this.server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
            server.createContext("/", this::pass);
            server.start();
        }

        URI address() {
            return URI.create("http://localhost:" + server.getAddress().getPort() + target.getPath());
        }

        void cutNext() {
            round.incrementAndGet();
            cut = true;
        }

        private void pass(HttpExchange exchange) throws IOException {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean cutThis = cut;
            cut = false;
            if (cutThis && round.get() % 4 == 0) {
                exchange.close(); // before the server has heard of it
                return;
            }
            HttpResponse<byte[]> answer = forwarded(exchange, body);
            if (cutThis && round.get() % 4 == 1) {
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
                exchange.getResponseBody().flush();
            } else if (!cutThis) {
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
                answered.incrementAndGet();
            }
            exchange.close();
        }

        private HttpResponse<byte[]> forwarded(HttpExchange exchange, byte[] body) throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            for (String header : new String[] {"Content-Type", "Content-Encoding", "Authorization"}) {
                String value = exchange.getRequestHeaders().getFirst(header);
                if (value != null) {
                    request.header(header, value);
                }
            }
            try {
                return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void nothingIsLostAndNothingIsDoubled() throws Exception {
        try (StatsServer server = new StatsServer(folder);
                CuttingProxy proxy = new CuttingProxy(server.address());
                EventEmitter emitter = EventEmitter.to(StatsServer.transport(proxy.address())
                                .gzipOver(300)
                                .build())
                        .settings(EmitterSettings.defaults()
                                .withLinger(Duration.ofDays(1))
                                .withBackoff(Duration.ofMillis(1), Duration.ofMillis(10)))
                        .build()) {
            int next = 0;
            for (int round = 0; round < ROUNDS; round++) {
                proxy.cutNext();
                for (int i = 0; i < EVENTS; i++) {
                    emitter.emit(StatsServer.order(next++));
                }
                assertThat(emitter.flush(Duration.ofSeconds(60))).isTrue();
            }
            assertThat(proxy.answered).hasValueGreaterThanOrEqualTo(ROUNDS);
            assertThat(emitter.statistics())
                    .returns((long) next, EmitterStatistics::emitted)
                    .returns(0L, EmitterStatistics::givenUp)
                    .satisfies(statistics -> assertThat(statistics.sent() + statistics.duplicates())
                            .isEqualTo(statistics.emitted()))
                    .satisfies(statistics -> assertThat(statistics.duplicates()).isGreaterThan(ROUNDS / 2 * EVENTS));
            server.assertHasExactly(next);
        }
    }
}
