package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent over HTTP, and what answers of all kinds mean; the server is one of the JDK. */
@Timeout(60)
class HttpEventTransportTest {
    private static final List<byte[]> TWO = List.of("{\"id\":\"1\"}".getBytes(UTF_8), "{\"id\":\"ö\"}".getBytes(UTF_8));
    private static final String TAKEN = "{\"accepted\":2,\"duplicates\":0,\"failed\":[]}";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Answerer answerer = exchange -> answer(exchange, 200, TAKEN);

    private record Request(
            String target,
            @Nullable String authorization,
            @Nullable String encoding,
            String body) {}

    private interface Answerer {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
            requests.add(new Request(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    encoding,
                    new String(encoding == null ? body : inflated(body), UTF_8)));
            answerer.answer(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static byte[] inflated(byte[] body) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private URI base(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    private HttpEventTransport.Builder transport() {
        return HttpEventTransport.to(base("/smartdata")).clock(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    private Delivery sent() throws InterruptedException {
        return transport().build().send(TWO);
    }

    private static Optional<String> code(Delivery delivery) {
        if (delivery instanceof Delivery.Deferred deferral) {
            return Optional.of("deferred " + deferral.code());
        }
        if (delivery instanceof Delivery.Refused refusal) {
            return Optional.of("refused " + refusal.code());
        }
        return delivery instanceof Delivery.TooLarge refusal
                ? Optional.of("too large " + refusal.code())
                : Optional.empty();
    }

    @Test
    void aBatchIsOneArrayForOneOrg() throws Exception {
        Delivery delivery = transport().org("a+b/c").token("t1").build().send(TWO);
        assertThat(delivery).isEqualTo(new Delivery.Answered(2, 0, List.of()));
        assertThat(requests)
                .containsExactly(new Request(
                        "POST /smartdata/api/v1/events?org=a%2Bb%2Fc",
                        "Bearer t1", null, "[{\"id\":\"1\"},{\"id\":\"ö\"}]"));
    }

    @ParameterizedTest
    @CsvSource({"'', /api/v1/events", "/, /api/v1/events", "/x/, /x/api/v1/events", "/a%20b, /a%20b/api/v1/events"})
    void theBaseMayEndInASlash(String base, String target) throws Exception {
        HttpEventTransport.to(base(base)).build().send(TWO);
        assertThat(requests).extracting(Request::target).containsExactly("POST " + target);
    }

    @Test
    void longBodiesAreCompressed() throws Exception {
        transport().gzipOver(1_000).build().send(List.of(numbers(300)));
        assertThat(requests.get(0).encoding()).isEqualTo("gzip");
        assertThat(requests.get(0).body()).isEqualTo("[" + new String(numbers(300), UTF_8) + "]");
        transport().gzipOver(1_000).build().send(TWO);
        assertThat(requests.get(1).encoding()).isNull();
    }

    @Test
    void whatWouldInflateLikeABombIsSentAsItIs() throws Exception {
        transport()
                .gzipOver(1_000)
                .build()
                .send(List.of("\"%s\"".formatted("a".repeat(100_000)).getBytes(UTF_8)));
        assertThat(requests.get(0).encoding()).isNull();
    }

    private static byte[] numbers(int count) {
        StringBuilder numbers = new StringBuilder("[0");
        for (int i = 1; i < count; i++) {
            numbers.append(',').append(i * 7919);
        }
        return numbers.append(']').toString().getBytes(UTF_8);
    }

    @Test
    void failedEventsAreReadWithWhatToDoAboutThem() throws Exception {
        answerer = exchange -> answer(exchange, 200, """
                {"receiptId":"r","received":2,"accepted":0,"duplicates":0,"failed":[
                  {"index":0,"id":"1","reason":"throttled","message":"later","retryable":true,"deadLetterId":null},
                  {"index":1,"id":"2","reason":"invalid_time","message":"no","retryable":false,"deadLetterId":"d-1"}]}
                """);
        assertThat(sent())
                .isEqualTo(new Delivery.Answered(
                        0,
                        0,
                        List.of(
                                new Delivery.FailedEvent(0, "throttled", "later", true, null),
                                new Delivery.FailedEvent(1, "invalid_time", "no", false, "d-1"))));
    }

    @ParameterizedTest
    @CsvSource({
        "400, refused invalid_json",
        "401, refused invalid_json",
        "403, refused invalid_json",
        "404, refused invalid_json",
        "408, deferred invalid_json",
        "409, refused invalid_json",
        "413, too large invalid_json",
        "415, refused invalid_json",
        "422, refused invalid_json",
        "425, deferred invalid_json",
        "429, deferred invalid_json",
        "500, deferred invalid_json",
        "502, deferred invalid_json",
        "503, deferred invalid_json",
        "504, deferred invalid_json",
        "302, deferred redirected"
    })
    void statusAndProblemSayWhatBecomesOfABatch(int status, String expected) throws Exception {
        answerer = exchange -> answer(exchange, status, "{\"code\":\"invalid_json\",\"detail\":\"why\"}");
        assertThat(code(sent())).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{\"code\":7}", "{\"code\":\"Evil\\nline\"}", "{\"code\":\"\"}"})
    void aProblemOfSomebodyElseIsKnownByItsStatus(String body) throws Exception {
        answerer = exchange -> answer(exchange, 503, body);
        assertThat(code(sent())).hasValue("deferred http_503");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>Accept our terms",
                "{}",
                "[]",
                "null",
                "{\"accepted\":2}",
                "{\"accepted\":\"2\",\"duplicates\":0,\"failed\":[]}",
                "{\"accepted\":2,\"duplicates\":0}",
                "{\"accepted\":2,\"duplicates\":0,\"failed\":"
            })
    void anOkOfSomebodyElseIsNoReceipt(String body) throws Exception {
        answerer = exchange -> answer(exchange, 200, body);
        assertThat(code(sent())).hasValue("deferred unreadable_answer");
    }

    @ParameterizedTest
    @CsvSource({"120, 120", "0, 0", "soon, ", "-5, ", "1.5, ", "99999999999999999999, "})
    void retryAfterIsSeconds(String header, @Nullable Integer seconds) throws Exception {
        answerer = exchange -> answer(exchange, 503, "", "Retry-After", header);
        assertThat(sent())
                .isEqualTo(new Delivery.Deferred("http_503", "", seconds == null ? null : Duration.ofSeconds(seconds)));
    }

    /** The clock of this side is months off. */
    @Test
    void orRetryAfterIsADateByTheClockOfTheServer() throws Exception {
        String inAnHour = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
        answerer = exchange -> answer(exchange, 503, "", "Retry-After", inAnHour);
        assertThat(sent())
                .isInstanceOfSatisfying(
                        Delivery.Deferred.class,
                        deferral -> assertThat(deferral.retryAfter())
                                .isBetween(Duration.ofMinutes(55), Duration.ofMinutes(61)));
    }

    @Test
    void aTokenIsRenewedOnceWhenTheServerRefusesIt() throws Exception {
        answerer = exchange -> answer(
                exchange,
                "Bearer new".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401,
                TAKEN);
        EmitterAuthorization tokens = renewed -> renewed ? "Bearer new" : "Bearer old";
        assertThat(code(transport().authorization(tokens).build().send(TWO))).isEmpty();
        assertThat(requests).extracting(Request::authorization).containsExactly("Bearer old", "Bearer new");
        requests.clear();
        assertThat(code(transport().token("stolen").build().send(TWO))).hasValue("refused http_401");
        assertThat(requests).hasSize(2);
    }

    @Test
    void withoutATokenNowTheEventsWait() throws Exception {
        Delivery delivery = transport()
                .authorization(renewed -> {
                    throw new IOException("the token server is down");
                })
                .build()
                .send(TWO);
        assertThat(code(delivery)).hasValue("deferred authorization_failed");
        assertThat(requests).isEmpty();
    }

    @Test
    void aTokenThatIsNoHeaderIsNotSentAndNotTold() throws Exception {
        assertThat(transport().token("s3cret\nX-Evil: 1").build().send(TWO))
                .isInstanceOf(Delivery.Deferred.class)
                .asString()
                .contains("authorization_failed")
                .doesNotContain("s3cret");
        assertThat(requests).isEmpty();
    }

    @Test
    void aRedirectIsFollowedWithinTheOriginOnly() throws Exception {
        answerer = exchange -> {
            if (exchange.getRequestURI().getPath().startsWith("/new")) {
                answer(exchange, 200, TAKEN);
            } else {
                answer(exchange, 308, "", "Location", "/new/api/v1/events");
            }
        };
        assertThat(code(transport().token("t").build().send(TWO))).isEmpty();
        assertThat(requests).extracting(Request::authorization).containsExactly("Bearer t", "Bearer t");
        assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:%d/", "https://localhost:%d/", "//evil.example/", "http://[", ""})
    void aRedirectElsewhereIsNotFollowed(String location) throws Exception {
        String target = location.formatted(server.getAddress().getPort());
        answerer = exchange -> answer(exchange, 307, "", "Location", target);
        assertThat(code(sent())).hasValue("deferred redirected");
        assertThat(requests)
                .hasSizeBetween(1, 4)
                .allMatch(request -> request.target().startsWith("POST /smartdata"));
    }

    @Test
    void aRedirectInCirclesEnds() throws Exception {
        answerer = exchange ->
                answer(exchange, 307, "", "Location", exchange.getRequestURI().toString());
        assertThat(code(sent())).hasValue("deferred redirected");
        assertThat(requests).hasSize(4);
    }

    @Test
    void nobodyThereIsAFailureThatPasses() throws Exception {
        server.stop(0);
        assertThat(code(sent())).hasValue("deferred connect_failed");
    }

    @Test
    void anAnswerThatIsCutOffIsAFailureThatPasses() throws Exception {
        answerer = HttpExchange::close;
        assertThat(code(sent())).hasValue("deferred io_failed");
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() throws Exception {
        answerer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        };
        Delivery delivery =
                transport().requestTimeout(Duration.ofMillis(300)).build().send(TWO);
        assertThat(code(delivery)).hasValue("deferred timeout");
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            Delivery delivery = HttpEventTransport.to(URI.create("http://localhost:" + silent.getLocalPort()))
                    .requestTimeout(Duration.ofMillis(300))
                    .build()
                    .send(TWO);
            assertThat(code(delivery)).hasValue("deferred timeout");
        }
    }

    @Test
    void anAnswerLongerThanAnyIsNotKept() throws Exception {
        answerer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = new byte[1 << 20];
            try {
                for (int i = 0; i < 100; i++) {
                    exchange.getResponseBody().write(chunk);
                }
            } catch (IOException closed) {
                // the client has seen enough
            }
            exchange.close();
        };
        assertThat(code(sent())).hasValue("deferred io_failed");
    }

    @Test
    void anInterruptEndsTheWaitForAnAnswer() throws Exception {
        answerer = exchange -> {};
        Thread caller = Thread.currentThread();
        ExecutorService interrupter = Executors.newSingleThreadExecutor();
        try {
            interrupter.submit(() -> {
                while (requests.isEmpty()) {
                    Thread.onSpinWait();
                }
                caller.interrupt();
            });
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(this::sent);
        } finally {
            interrupter.shutdownNow();
            interrupter.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://stats.example.com",
                "http://localhost.example.com",
                "http://127.0.0.1.example.com",
                "ftp://localhost",
                "https://user:secret@stats.example.com",
                "https://stats.example.com?org=acme",
                "https://stats.example.com#x",
                "/smartdata",
                "mailto:a@b"
            })
    void anAddressThatWouldLeakOrCannotWorkIsRefused(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpEventTransport.to(URI.create(address)).build())
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "http://LOCALHOST:80",
                "http://127.0.0.1",
                "http://[::1]:8080",
                "https://a.example"
            })
    void thisMachineMayBeReachedWithoutTls(String address) {
        assertThat(HttpEventTransport.to(URI.create(address)).build()).isNotNull();
    }

    @Test
    void plainHttpElsewhereHasToBeAllowed() {
        assertThat(HttpEventTransport.to(URI.create("http://inside.example"))
                        .allowPlainHttp()
                        .build())
                .isNotNull();
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        HttpClient eager = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transport().client(eager).build())
                .withMessageContaining("redirects");
    }
}
